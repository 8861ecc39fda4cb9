import { ref, watch, type Ref } from 'vue';
import type { State } from '../../shared/api/types';
import { SNAPSHOT } from '../../shared/media/frameGrabber';
import { createPlanStore, createPlanRunner } from '../../shared/media/plan';
import { upload } from '../../shared/media/upload';
import type { SecondView } from '../session/session';
import type { PhoneCamera } from './camera';

export const CAPTURE_STATES: ReadonlySet<State> = new Set<State>([
  'waiting',
  'answering',
  'paused',
]);

/** Take the phone's pictures by plan while a component is shown; returns the time of the last upload. */
export function useCaptures(view: SecondView, { frameGrabber }: PhoneCamera): Ref<number> {
  const lastArrived = ref(0);
  const sessionId = () => {
    const session = view.session.value;
    return session && CAPTURE_STATES.has(session.state) ? session.session_id : undefined;
  };
  watch(
    sessionId,
    (id, _, onCleanup) => {
      if (!id) return;
      const runner = createPlanRunner({
        clock: view.clock,
        fetchPlan: () => view.api.request((client) => client.POST('/phone/captures')),
        capture: () => frameGrabber.grab(SNAPSHOT),
        send: upload,
        onDone: (_capture, uploaded) => {
          if (uploaded) lastArrived.value = view.clock.now();
        },
        store: createPlanStore(`invigil.phone.plan.${id}`, sessionStorage),
      });
      runner.start();
      onCleanup(() => runner.stop());
    },
    { immediate: true },
  );
  return lastArrived;
}
