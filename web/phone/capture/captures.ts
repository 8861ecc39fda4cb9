import { ref, watch, type Ref } from 'vue';
import type { State } from '../../shared/api/types';
import { SNAPSHOT } from '../../shared/media/frameGrabber';
import { createPlanKeeper, createPlanRunner } from '../../shared/media/plan';
import { upload } from '../../shared/media/upload';
import type { SecondView } from '../session/session';
import type { PhoneCamera } from './camera';

const CAPTURED: ReadonlySet<State> = new Set<State>(['waiting', 'answering']);

/** Take the phone's pictures by plan while a component is shown; tells when the last arrived. */
export function useCaptures(view: SecondView, { eye }: PhoneCamera): Ref<number> {
  const lastArrived = ref(0);
  const sessionId = () => {
    const session = view.session.value;
    return session && CAPTURED.has(session.state) ? session.session_id : undefined;
  };
  watch(
    sessionId,
    (id, _, onCleanup) => {
      if (!id) return;
      const runner = createPlanRunner({
        clock: view.clock,
        ask: () => view.api.ask((client) => client.POST('/phone/captures')),
        take: () => eye.take(SNAPSHOT),
        send: upload,
        onDone: (_capture, arrived) => {
          if (arrived) lastArrived.value = view.clock.now();
        },
        keeper: createPlanKeeper(`invigil.phone.plan.${id}`, sessionStorage),
      });
      runner.start();
      onCleanup(() => runner.stop());
    },
    { immediate: true },
  );
  return lastArrived;
}
