import { computed, inject, onScopeDispose, ref, watch, type InjectionKey, type Ref } from 'vue';
import type { PlannedCapture, State } from '../../shared/api/types';
import { CAMERA, MICROPHONE } from '../../shared/media/device';
import { createEye, PORTRAIT, SNAPSHOT } from '../../shared/media/frameGrabber';
import { createPlanKeeper, createPlanRunner, type PlanRunner } from '../../shared/media/plan';
import { createSeen, type Seen } from '../../shared/media/mediaDeviceRef';
import { upload } from '../../shared/media/upload';
import { planName } from '../session/storage';
import type { ExamSession } from '../session/session';
import { createEar } from './audioRecorder';

export interface Watch {
  camera: Seen;
  microphone: Seen;
  /** Whether captures arrive; false when several in a row did not. */
  uploading: Readonly<Ref<boolean>>;
  /** A picture for photo verification; null where the camera shows nothing. */
  portrait(): Promise<Blob | null>;
}

export const WATCH: InjectionKey<Watch> = Symbol('watch');

/** In a component: the candidate's camera and microphone. */
export function useWatch(): Watch {
  const found = inject(WATCH);
  if (!found) throw new Error('no watch was provided');
  return found;
}

/** From photo verification to the end the camera is on; the microphone from the rules on. */
const SEEN: ReadonlySet<State> = new Set<State>([
  'pledged',
  'identity_verified',
  'second_view_ready',
  'waiting',
  'answering',
  'paused',
]);
const HEARD: ReadonlySet<State> = new Set<State>([
  'second_view_ready',
  'waiting',
  'answering',
  'paused',
]);
/** So many captures lost in a row are worth telling. */
const LOST_MANY = 3;
const CAPTURED: ReadonlySet<State> = new Set<State>(['waiting', 'answering']);

/** Make the page's camera and microphone, which follow the session's state by themselves. */
export function createWatch(exam: ExamSession): Watch {
  const camera = createSeen('camera', CAMERA);
  const microphone = createSeen('microphone', MICROPHONE);
  const eye = createEye();
  const ear = createEar();
  const { session } = exam;
  const lost = ref(0);
  watch(camera.stream, (stream) => eye.look(stream));
  watch(microphone.stream, (stream) => void ear.listen(stream));
  onScopeDispose(() => {
    camera.device.stop();
    microphone.device.stop();
    eye.close();
    ear.close();
  });

  const take = ({ medium, length }: PlannedCapture) =>
    medium === 'sound' ? ear.record(length) : eye.take(SNAPSHOT);

  function runnerFor(sessionId: string): PlanRunner {
    return createPlanRunner({
      clock: exam.clock,
      ask: () => exam.api.ask((client) => client.POST('/candidate/captures')),
      take,
      async send(form, file) {
        const arrived = await upload(form, file);
        lost.value = arrived ? 0 : lost.value + 1;
        return arrived;
      },
      keeper: createPlanKeeper(planName(sessionId)),
    });
  }

  follow(() => isIn(SEEN, session.value?.state), camera.device.start, camera.device.stop);
  follow(() => isIn(HEARD, session.value?.state), microphone.device.start, microphone.device.stop);
  whileAlone(
    () => (isIn(CAPTURED, session.value?.state) ? session.value?.session_id : undefined),
    runnerFor,
  );
  const uploading = computed(() => lost.value < LOST_MANY);
  return { camera, microphone, uploading, portrait: () => eye.take(PORTRAIT) };
}

function isIn(states: ReadonlySet<State>, state: State | undefined): boolean {
  return state !== undefined && states.has(state);
}

function follow(wanted: () => boolean, start: () => void, stop: () => void): void {
  watch(wanted, (now) => (now ? start() : stop()), { immediate: true });
}

/** Run a session's plan in one tab only: the others wait until it is closed. */
function whileAlone(sessionId: () => string | undefined, make: (id: string) => PlanRunner): void {
  watch(
    sessionId,
    (id, _, onCleanup) => {
      if (!id) return;
      const over = new AbortController();
      onCleanup(() => over.abort());
      const runner = make(id);
      const run = () =>
        new Promise<void>((resolve) => {
          runner.start();
          over.signal.addEventListener('abort', () => {
            runner.stop();
            resolve();
          });
        });
      const { signal } = over;
      const request = navigator.locks.request(`invigil.captures.${id}`, { signal }, run);
      // The stage was over before the other tab was.
      request.catch(() => undefined);
    },
    { immediate: true },
  );
}
