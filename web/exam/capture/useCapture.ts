import { computed, inject, onScopeDispose, ref, watch, type InjectionKey, type Ref } from 'vue';
import type { PlannedCapture, State } from '../../shared/api/types';
import { CAMERA, MICROPHONE } from '../../shared/media/device';
import { createFrameGrabber, PORTRAIT, SNAPSHOT } from '../../shared/media/frameGrabber';
import { createPlanStore, createPlanRunner, type PlanRunner } from '../../shared/media/plan';
import { createMediaDeviceRef, type MediaDeviceRef } from '../../shared/media/mediaDeviceRef';
import { upload } from '../../shared/media/upload';
import { MONITORED_STATES } from '../../shared/monitoredStates';
import { aborted, runInOneTab } from '../../shared/oneTab';
import { planKey } from '../session/storage';
import type { ExamSession } from '../session/session';
import { createAudioRecorder } from './audioRecorder';
import { useDeviceReports } from './useDeviceReports';

export interface CaptureDevices {
  camera: MediaDeviceRef;
  microphone: MediaDeviceRef;
  /** Whether captures arrive; false when several in a row did not. */
  uploading: Readonly<Ref<boolean>>;
  /** A picture for photo verification; null where the camera shows nothing. */
  takePortrait(): Promise<Blob | null>;
}

export const CAPTURE: InjectionKey<CaptureDevices> = Symbol('capture');

/** In a component: the candidate's camera and microphone. */
export function useCapture(): CaptureDevices {
  const capture = inject(CAPTURE);
  if (!capture) throw new Error('no capture was provided');
  return capture;
}

/** From photo verification to the end the camera is on; the microphone from the rules on. */
const CAMERA_STATES: ReadonlySet<State> = new Set<State>([
  'pledged',
  'identity_verified',
  'second_view_ready',
  'waiting',
  'answering',
  'paused',
]);
const MICROPHONE_STATES: ReadonlySet<State> = new Set<State>([
  'second_view_ready',
  'waiting',
  'answering',
  'paused',
]);
/** So many uploads that failed in a row are worth telling. */
const MAX_LOST = 3;

/** Create the page's camera and microphone, which follow the session's state. */
export function createCapture(exam: ExamSession): CaptureDevices {
  const camera = createMediaDeviceRef('camera', CAMERA);
  const microphone = createMediaDeviceRef('microphone', MICROPHONE);
  const frameGrabber = createFrameGrabber();
  const recorder = createAudioRecorder();
  const { session } = exam;
  const lostInARow = ref(0);
  /** On another device the watch goes on where the session stood. */
  const place = () => session.value?.resumes_at ?? session.value?.state;
  watch(camera.stream, (stream) => frameGrabber.setStream(stream));
  watch(microphone.stream, (stream) => void recorder.setStream(stream));
  onScopeDispose(() => {
    camera.device.stop();
    microphone.device.stop();
    frameGrabber.close();
    recorder.close();
  });

  useDeviceReports(exam, camera.stream);

  const onFailure = () => void (lostInARow.value += 1);
  const takeCapture = ({ medium, length }: PlannedCapture) =>
    medium === 'sound' ? recorder.record(length) : frameGrabber.grab(SNAPSHOT);

  function createRunner(sessionId: string): PlanRunner {
    return createPlanRunner({
      clock: exam.clock,
      fetchPlan: () => exam.api.request((client) => client.POST('/candidate/captures')),
      capture: takeCapture,
      async send(form, file, patienceMs) {
        const uploaded = await upload(form, file, { patienceMs, onFailure });
        if (uploaded) lostInARow.value = 0;
        return uploaded;
      },
      onRefused: () => void exam.refresh(),
      store: createPlanStore(planKey(sessionId)),
    });
  }

  startWhile(() => includesState(CAMERA_STATES, place()), camera.device.start, camera.device.stop);
  startWhile(
    () => includesState(MICROPHONE_STATES, place()),
    microphone.device.start,
    microphone.device.stop,
  );
  runPlans(
    () => (includesState(MONITORED_STATES, place()) ? session.value?.session_id : undefined),
    createRunner,
  );
  const uploading = computed(() => lostInARow.value < MAX_LOST);
  return { camera, microphone, uploading, takePortrait: () => frameGrabber.grab(PORTRAIT) };
}

function includesState(states: ReadonlySet<State>, state: State | undefined): boolean {
  return state !== undefined && states.has(state);
}

function startWhile(condition: () => boolean, start: () => void, stop: () => void): void {
  watch(condition, (now) => (now ? start() : stop()), { immediate: true });
}

/** Run a session's plan in one tab only: the others wait until it is closed. */
function runPlans(
  sessionId: () => string | undefined,
  createRunner: (id: string) => PlanRunner,
): void {
  watch(
    sessionId,
    (id, _, onCleanup) => {
      if (!id) return;
      const abort = new AbortController();
      onCleanup(() => abort.abort());
      const { signal } = abort;
      const runner = createRunner(id);
      runInOneTab(`invigil.captures.${id}`, signal, async () => {
        runner.start();
        await aborted(signal);
        runner.stop();
      });
    },
    { immediate: true },
  );
}
