import { computed, onScopeDispose, ref, watch } from 'vue';
import { upload } from '../../shared/media/upload';
import { useTask } from '../../shared/task';
import { useExamSession } from '../session/session';
import { useWatch } from '../watch/useWatch';

/** What the photo's screen shows. */
export type PhotoStep = 'live' | 'sending' | 'checking' | 'pending' | 'verified';

const POLL_MS = 2_000;
/** The models answer within seconds; after this the person may take another. */
const SLOW_MS = 30_000;

/** Taking the verification photo, sending it, and waiting for what comes of it. */
export function usePhoto() {
  const exam = useExamSession();
  const watching = useWatch();
  const sending = useTask();
  const taken = ref<string | null>(null);
  const slow = ref(false);
  /** The camera had no picture at the moment of the click. */
  const dark = ref(false);
  /** The picture did not reach the server: its check will never end. */
  const stranded = ref(false);

  const identity = computed(() => exam.session.value?.identity);
  const step = computed<PhotoStep>(() => {
    if (sending.busy.value) return 'sending';
    const status = identity.value?.status;
    if (status === 'checking') return stranded.value ? 'live' : 'checking';
    return status === 'pending' || status === 'verified' ? status : 'live';
  });

  function show(picture: Blob): void {
    if (taken.value) URL.revokeObjectURL(taken.value);
    taken.value = URL.createObjectURL(picture);
  }

  async function take(): Promise<void> {
    const picture = await watching.portrait();
    dark.value = picture === null;
    if (!picture) return;
    show(picture);
    stranded.value = false;
    await sending.run(() => send(picture));
  }

  async function send(picture: Blob): Promise<void> {
    const begun = await exam.api.ask((client) => client.POST('/candidate/identity'));
    stranded.value = !(await upload(begun.upload, picture));
    await exam.refresh();
  }

  watch(
    step,
    (now, _, onCleanup) => {
      slow.value = false;
      if (now !== 'checking') return;
      const poll = setInterval(() => void exam.refresh(), POLL_MS);
      const late = setTimeout(() => (slow.value = true), SLOW_MS);
      onCleanup(() => {
        clearInterval(poll);
        clearTimeout(late);
      });
    },
    { immediate: true },
  );
  onScopeDispose(() => taken.value && URL.revokeObjectURL(taken.value));

  return { step, identity, taken, slow, dark, stranded, error: sending.error, take };
}
