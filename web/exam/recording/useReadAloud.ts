import { computed, onScopeDispose, ref } from 'vue';
import { MICROPHONE, browserMedia } from '../../shared/media/device';
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

export type ReadAloudStep = 'offer' | 'reading' | 'sending' | 'checking' | 'taken' | 'unclear';

/** In a component: reading a sentence aloud, sending it, and waiting for what comes of it. */
export function useReadAloud() {
  const exam = useExamSession();
  const { busy, error, run } = useTask();
  const left = ref(0);
  /** Nothing could be recorded, or it did not arrive. */
  const failure = ref<'microphone' | 'notSent' | null>(null);
  const status = computed(() => exam.session.value?.recording.voice_sample ?? null);
  const slow = useCheckResult(
    () => status.value === 'checking' && !busy.value && failure.value === null,
  );
  const step = computed<ReadAloudStep>(() => {
    if (left.value > 0) return 'reading';
    if (busy.value) return 'sending';
    if (status.value === 'checking') return failure.value || slow.value ? 'offer' : 'checking';
    return status.value ?? 'offer';
  });

  async function record(): Promise<Blob | null> {
    const stream = await browserMedia()
      ?.getUserMedia({ audio: MICROPHONE })
      .catch(() => null);
    if (!stream) return null;
    const ends = Date.now() + READ_MS;
    left.value = READ_MS;
    const tick = setInterval(() => (left.value = Math.max(1, ends - Date.now())), TICK_MS);
    const samples = await recordSound(stream, READ_MS, SAMPLE_RATE);
    clearInterval(tick);
    left.value = 0;
    stream.getTracks().forEach((track) => track.stop());
    return samples?.length ? encodeWav(samples, SAMPLE_RATE) : null;
  }

  const read = () =>
    run(async () => {
      failure.value = null;
      const sound = await record();
      if (!sound) {
        failure.value = 'microphone';
        return;
      }
      const sample = await exam.api.request((client) => client.POST('/candidate/voice-sample'));
      if (!(await upload(sample.upload, sound))) failure.value = 'notSent';
      await exam.refresh();
    });

  onScopeDispose(() => (left.value = 0));

  const seconds = computed(() => Math.max(1, Math.ceil(left.value / 1_000)));
  return { step, seconds, failure, slow, error, read };
}
