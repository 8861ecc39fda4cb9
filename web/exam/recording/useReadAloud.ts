import { computed, onScopeDispose, ref, watch } from 'vue';
import { MICROPHONE, type DeviceState } from '../../shared/media/device';
import { createMediaDeviceRef } from '../../shared/media/mediaDeviceRef';
import { recordSound } from '../../shared/media/recordSound';
import { upload } from '../../shared/media/upload';
import { encodeWav } from '../../shared/media/wav';
import { useTask } from '../../shared/task';
import { useExamSession } from '../session/session';
import { useCheckResult } from '../session/useCheckResult';

/** Long enough for the sentence, read slowly. */
const READ_MS = 10_000;
const SAMPLE_RATE = 16_000;
const TICK_MS = 250;
const WORKING: readonly DeviceState[] = ['off', 'asking', 'live'];

export type ReadAloudStep =
  'offer' | 'opening' | 'reading' | 'sending' | 'checking' | 'taken' | 'unclear';

/** In a component: reading a sentence aloud, sending it, and waiting for what comes of it. */
export function useReadAloud() {
  const exam = useExamSession();
  const microphone = createMediaDeviceRef('microphone', MICROPHONE);
  const { busy, error, run } = useTask();
  /** The person wants to read, and the microphone is not open yet. */
  const opening = ref(false);
  const left = ref(0);
  const notRecorded = ref(false);
  const notSent = ref(false);
  const status = computed(() => exam.session.value?.recording.voice_sample ?? null);
  const slow = useCheckResult(() => status.value === 'checking' && !busy.value && !notSent.value);
  const failure = computed(() => {
    const isShut = opening.value && !WORKING.includes(microphone.state.value);
    if (isShut || notRecorded.value) return 'microphone';
    return notSent.value ? 'notSent' : null;
  });
  const step = computed<ReadAloudStep>(() => {
    if (opening.value) return 'opening';
    if (left.value > 0) return 'reading';
    if (busy.value) return 'sending';
    if (status.value === 'checking') return notSent.value || slow.value ? 'offer' : 'checking';
    return status.value ?? 'offer';
  });

  function read(): void {
    notRecorded.value = notSent.value = false;
    opening.value = true;
    microphone.device.start();
  }

  watch(microphone.stream, (stream) => {
    if (!stream || !opening.value) return;
    opening.value = false;
    void run(() => readInto(stream));
  });
  onScopeDispose(() => microphone.device.stop());

  async function readInto(stream: MediaStream): Promise<void> {
    const samples = await record(stream);
    // One that stopped meanwhile, or that the person left, holds no sentence.
    notRecorded.value = !samples?.length || microphone.stream.value !== stream;
    microphone.device.stop();
    if (!samples || notRecorded.value) return;
    const sample = await exam.api.request((client) => client.POST('/candidate/voice-sample'));
    notSent.value = !(await upload(sample.upload, encodeWav(samples, SAMPLE_RATE)));
    await exam.refresh();
  }

  async function record(stream: MediaStream): Promise<Float32Array | null> {
    const ends = Date.now() + READ_MS;
    left.value = READ_MS;
    const tick = setInterval(() => (left.value = Math.max(1, ends - Date.now())), TICK_MS);
    const samples = await recordSound(stream, READ_MS, SAMPLE_RATE);
    clearInterval(tick);
    left.value = 0;
    return samples;
  }

  const seconds = computed(() => Math.max(1, Math.ceil(left.value / 1_000)));
  return { microphone, step, seconds, failure, slow, error, read };
}
