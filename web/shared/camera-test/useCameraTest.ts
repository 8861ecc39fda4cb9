import { computed, onScopeDispose, ref, watch } from 'vue';
import type { CameraTest, Upload } from '../api/types';
import { upload } from '../media/upload';
import { useTask } from '../task';

/** `ready`: nothing is under way, though an earlier result may stand. */
export type CameraTestStep = 'ready' | 'sending' | 'looking';

export interface CameraTestOptions {
  /** The newest that the server knows. */
  latest: () => CameraTest | null | undefined;
  /** Return a picture of this moment, or null where the camera shows none. */
  takePicture: () => Promise<Blob | null>;
  /** Begin one at the server. */
  requestUpload: () => Promise<Upload>;
  /** Read the session again. */
  refresh: () => Promise<void>;
}

const POLL_MS = 1_500;
/** The models answer within seconds; a cold start takes longer. After this, another may be taken. */
const SLOW_MS = 20_000;
/** The server takes no two nearer to each other than two seconds: the page waits, not the person. */
const MIN_INTERVAL_MS = 2_100;

/** Take a test picture, have the models assess it, and return the result. */
export function useCameraTest(options: CameraTestOptions) {
  const sending = useTask();
  /** The camera had no picture, or it did not arrive. */
  const failed = ref<'' | 'noPicture' | 'notSent'>('');
  const slow = ref(false);
  /** The shot that this page waits for. */
  const pendingId = ref('');

  const arrived = computed(() => {
    const shot = options.latest();
    return shot?.capture_id === pendingId.value && typeof shot.seen_at === 'number';
  });
  const step = computed<CameraTestStep>(() => {
    if (sending.busy.value) return 'sending';
    return pendingId.value && !arrived.value && !slow.value ? 'looking' : 'ready';
  });
  /** The last result, if no newer one is under way. */
  const result = computed(() => {
    const shot = options.latest();
    return step.value === 'ready' && !failed.value && shot && typeof shot.seen_at === 'number'
      ? shot
      : null;
  });

  let startedAt = -MIN_INTERVAL_MS;
  async function waitForInterval(): Promise<void> {
    const remaining = startedAt + MIN_INTERVAL_MS - performance.now();
    if (remaining > 0) await new Promise((resolve) => setTimeout(resolve, remaining));
  }

  async function run(): Promise<void> {
    failed.value = '';
    pendingId.value = '';
    await sending.run(async () => {
      await waitForInterval();
      const picture = await options.takePicture();
      if (!picture) {
        failed.value = 'noPicture';
        return;
      }
      startedAt = performance.now();
      const form = await options.requestUpload();
      slow.value = false;
      if (await upload(form, picture)) pendingId.value = form.capture_id;
      else failed.value = 'notSent';
      await options.refresh();
    });
  }

  watch(step, (now, _, onCleanup) => {
    if (now !== 'looking') return;
    const poll = setInterval(() => void options.refresh(), POLL_MS);
    const timeout = setTimeout(() => (slow.value = true), SLOW_MS);
    onCleanup(() => {
      clearInterval(poll);
      clearTimeout(timeout);
    });
  });
  onScopeDispose(() => (pendingId.value = ''));
  return { step, result, failed, slow, error: sending.error, run };
}
