import { computed, onScopeDispose, watch } from 'vue';
import type { ScreenStatus } from '../../shared/api/types';
import { isRetryable } from '../../shared/api/errors';
import { backoff, sleep } from '../../shared/backoff';
import { MONITORED_STATES } from '../../shared/monitoredStates';
import { runInOneTab } from '../../shared/oneTab';
import type { Track } from '../../shared/recording/model';
import { recordSession, type SessionOptions } from '../../shared/recording/recordSession';
import { joinTracks, type TrackSource } from '../../shared/recording/trackSource';
import type { CaptureDevices } from '../capture/useCapture';
import { inSafeExamBrowser } from '../safe-exam-browser/seb';
import type { ExamSession } from '../session/session';
import type { RecordingState } from './recordingState';
import { createScreenShare, type ScreenShare } from './screenShare';

/** Record one session of the exam page, as long as the component is shown. */
export function useRecordingRunner(
  exam: ExamSession,
  capture: CaptureDevices,
  state: RecordingState,
): void {
  const { session } = exam;
  const sessionId = session.value?.session_id ?? '';
  const place = computed(() => session.value?.resumes_at ?? session.value?.state);
  const isRecorded = computed(
    () => state.isOn.value && place.value !== undefined && MONITORED_STATES.has(place.value),
  );
  const screen = createScreen(exam, state, isRecorded.value);
  state.screen.value = screen;

  const sources: Partial<Record<Track, TrackSource>> = {
    first: cameraSource(capture),
    screen: {
      stream: () => screen.stream.value,
      absence: () => (screen.status.value === 'unsupported' ? 'not_supported' : 'screen_stopped'),
    },
  };

  const options: SessionOptions = {
    sessionId,
    sources,
    clock: exam.clock,
    fetchPlan: (body) =>
      exam.api.request((client) => client.POST('/candidate/recordings', { body })),
    onStatus: ({ recording, waiting }) => {
      state.active.value = recording;
      state.waiting.value = waiting;
    },
  };
  const abort = new AbortController();
  runInOneTab(`invigil.recording.${sessionId}`, abort.signal, () =>
    recordSession(options, isRecorded, abort.signal, ({ abandon }) => {
      state.abandon.value = abandon;
    }),
  );
  onScopeDispose(() => {
    abort.abort();
    screen.stop();
    state.screen.value = null;
    state.abandon.value = null;
    state.active.value = [];
    state.waiting.value = 0;
  });
}

/** The camera's picture with the microphone's sound, as one stream while both stay the same. */
function cameraSource({ camera, microphone }: CaptureDevices): TrackSource {
  const joined = joinTracks();
  return {
    stream: () => joined(camera.stream.value, microphone.stream.value),
    absence: () => (camera.state.value === 'lost' ? 'muted' : 'no_permission'),
  };
}

/** The shared screen, and the reports of it. */
function createScreen(exam: ExamSession, state: RecordingState, isLate: boolean): ScreenShare {
  let latest: ScreenStatus | null = null;

  async function report(status: ScreenStatus): Promise<void> {
    if (status === latest || !state.needsScreen.value) return;
    latest = status;
    for (let failures = 0; latest === status; failures += 1) {
      try {
        await exam.api.request((client) => client.POST('/candidate/screen', { body: { status } }));
        return;
      } catch (error) {
        if (!isRetryable(error)) return;
        await sleep(backoff(failures));
      }
    }
  }

  const screen = createScreenShare({
    // Safe Exam Browser shares no screen, whatever its engine says.
    media: inSafeExamBrowser() ? undefined : navigator.mediaDevices,
    onStatus: (status) => void report(status),
  });
  // A reload ends the sharing; whoever goes on without an answer has not shared.
  watch(
    () => exam.session.value?.state,
    (now) => {
      if (!now || !MONITORED_STATES.has(now) || !state.needsScreen.value) return;
      const { status } = screen;
      if (status.value === 'unasked') status.value = isLate ? 'stopped' : 'refused';
      if (status.value !== 'asking') void report(status.value);
    },
    { immediate: true },
  );
  return screen;
}
