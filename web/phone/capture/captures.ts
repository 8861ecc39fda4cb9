import { ref, watch, type Ref } from 'vue';
import { SNAPSHOT } from '../../shared/media/frameGrabber';
import { createPlanStore, createPlanRunner } from '../../shared/media/plan';
import { upload } from '../../shared/media/upload';
import { MONITORED_STATES } from '../../shared/monitoredStates';
import { tabStore } from '../../shared/storage';
import type { SecondView } from '../session/session';
import type { PhoneCamera } from './camera';

/** Take the phone's pictures by plan while a component is shown; returns the time of the last upload. */
export function useCaptures(view: SecondView, { frameGrabber }: PhoneCamera): Ref<number> {
  const lastArrived = ref(0);
  const sessionId = () => {
    const session = view.session.value;
    return session && MONITORED_STATES.has(session.state) ? session.session_id : undefined;
  };
  watch(
    sessionId,
    (id, _, onCleanup) => {
      if (!id) return;
      const runner = createPlanRunner({
        clock: view.clock,
        fetchPlan: () => view.api.request((client) => client.POST('/phone/captures')),
        capture: () => frameGrabber.grab(SNAPSHOT),
        send: (form, file, patienceMs) => upload(form, file, { patienceMs }),
        onRefused: () => void view.refresh(),
        onDone: (_capture, uploaded) => {
          if (uploaded) lastArrived.value = view.clock.now();
        },
        store: createPlanStore(`invigil.phone.plan.${id}`, tabStore),
      });
      runner.start();
      onCleanup(() => runner.stop());
    },
    { immediate: true },
  );
  return lastArrived;
}
