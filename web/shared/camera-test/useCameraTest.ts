import { computed, onScopeDispose, ref, watch } from 'vue';
import type { TestShot, Upload } from '../api/types';
import { upload } from '../media/upload';
import { useTask } from '../task';

/** `ready`: nothing is under way, though an earlier result may stand. */
export type ShotStep = 'ready' | 'sending' | 'looking';

export interface TestShotOptions {
  /** The newest that the server knows. */
  newest: () => TestShot | null | undefined;
  /** Return a picture of this moment, or null where the camera shows none. */
  picture: () => Promise<Blob | null>;
  /** Begin one at the server. */
  begin: () => Promise<Upload>;
  /** Read the session again. */
  refresh: () => Promise<void>;
}

const POLL_MS = 1_500;
/** The models answer within seconds; a cold start takes longer. After this, another may be taken. */
const SLOW_MS = 20_000;
/** The server takes no two nearer to each other than two seconds: the page waits, not the person. */
const APART_MS = 2_100;

/** Take a test picture, have the models look at it, and tell what they found. */
export function useTestShot(options: TestShotOptions) {
  const sending = useTask();
  /** The camera had no picture, or it did not arrive. */
  const failed = ref<'' | 'noPicture' | 'notSent'>('');
  const slow = ref(false);
  /** The shot that this page waits for. */
  const awaited = ref('');

  const arrived = computed(() => {
    const shot = options.newest();
    return shot?.capture_id === awaited.value && typeof shot.seen_at === 'number';
  });
  const step = computed<ShotStep>(() => {
    if (sending.busy.value) return 'sending';
    return awaited.value && !arrived.value && !slow.value ? 'looking' : 'ready';
  });
  /** The last result, if no newer one is under way. */
  const result = computed(() => {
    const shot = options.newest();
    return step.value === 'ready' && !failed.value && shot && typeof shot.seen_at === 'number'
      ? shot
      : null;
  });

  let begun = -APART_MS;
  async function turn(): Promise<void> {
    const rest = begun + APART_MS - performance.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }

  async function take(): Promise<void> {
    failed.value = '';
    awaited.value = '';
    await sending.run(async () => {
      await turn();
      const picture = await options.picture();
      if (!picture) {
        failed.value = 'noPicture';
        return;
      }
      begun = performance.now();
      const form = await options.begin();
      slow.value = false;
      if (await upload(form, picture)) awaited.value = form.capture_id;
      else failed.value = 'notSent';
      await options.refresh();
    });
  }

  watch(step, (now, _, onCleanup) => {
    if (now !== 'looking') return;
    const poll = setInterval(() => void options.refresh(), POLL_MS);
    const late = setTimeout(() => (slow.value = true), SLOW_MS);
    onCleanup(() => {
      clearInterval(poll);
      clearTimeout(late);
    });
  });
  onScopeDispose(() => (awaited.value = ''));
  return { step, result, failed, slow, error: sending.error, take };
}
