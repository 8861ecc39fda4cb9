import { watch, type Ref } from 'vue';
import { aborted } from '../oneTab';
import { traffic } from '../traffic';
import { recorderFormat } from './container';
import { createRecordingRunner, type RecordingRunner, type RunnerOptions } from './recordingRunner';
import { roomFor } from './segmentShelf';
import { openSegmentStore } from './segmentStore';

/** What the page gives; all else is this device's own. */
export type SessionOptions = Pick<
  RunnerOptions,
  'sessionId' | 'clock' | 'sources' | 'fetchPlan' | 'onStatus'
>;

/** Record a session while `isRecorded`, and upload what is left, until the signal ends it. */
export async function recordSession(
  options: SessionOptions,
  isRecorded: Readonly<Ref<boolean>>,
  signal: AbortSignal,
  onRunner?: (runner: RecordingRunner) => void,
): Promise<void> {
  const runner = createRecordingRunner({
    ...options,
    traffic,
    format: recorderFormat(),
    store: await openSegmentStore(),
    room: () => roomFor(),
  });
  onRunner?.(runner);
  const stopFollowing = watch(isRecorded, runner.setRecording, { immediate: true });
  void runner.start();
  await aborted(signal);
  stopFollowing();
  await runner.stop();
}
