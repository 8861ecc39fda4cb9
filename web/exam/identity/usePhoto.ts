import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { Turn } from '../../shared/api/types';
import { upload } from '../../shared/media/upload';
import { useTask } from '../../shared/task';
import { useExamSession } from '../session/session';
import { useCheckResult } from '../session/useCheckResult';
import { useCapture } from '../capture/useCapture';

/** What the photo's screen shows. */
export type PhotoStep = 'live' | 'turning' | 'sending' | 'checking' | 'pending' | 'verified';

/** Time to turn the head; the second picture is then taken by itself. */
const TURN_MS = 3_000;
const TICK_MS = 250;

/** Taking the verification photo, sending it, and waiting for what comes of it. */
export function usePhoto() {
  const exam = useExamSession();
  const capture = useCapture();
  const sending = useTask();
  const preview = ref<string | null>(null);
  /** The camera had no picture at the moment of the click. */
  const noPicture = ref(false);
  /** The picture did not reach the server: its check will never end. */
  const notSent = ref(false);

  /** Which way to turn the head, and how long there is for it. */
  const turn = shallowRef<Turn | null>(null);
  const left = ref(0);
  let skipTurn: () => void = () => undefined;

  const identity = computed(() => exam.session.value?.identity);
  const step = computed<PhotoStep>(() => {
    if (turn.value) return 'turning';
    if (sending.busy.value) return 'sending';
    const status = identity.value?.status;
    if (status === 'checking') return notSent.value ? 'live' : 'checking';
    return status === 'pending' || status === 'verified' ? status : 'live';
  });

  function show(picture: Blob): void {
    if (preview.value) URL.revokeObjectURL(preview.value);
    preview.value = URL.createObjectURL(picture);
  }

  async function takePhoto(): Promise<void> {
    const picture = await capture.takePortrait();
    noPicture.value = picture === null;
    if (!picture) return;
    notSent.value = false;
    await sending.run(() => send(picture));
  }

  async function send(picture: Blob): Promise<void> {
    const attempt = await exam.api.request((client) => client.POST('/candidate/identity'));
    const turnedPicture = await captureTurn(attempt.turn);
    show(picture);
    // The first picture sets the models to work: the other one has to be there by then.
    if (turnedPicture) await upload(attempt.turned, turnedPicture);
    notSent.value = !(await upload(attempt.upload, picture));
    await exam.refresh();
  }

  /** Wait while the head turns, and take the second picture; null where that was left out. */
  async function captureTurn(direction: Turn): Promise<Blob | null> {
    turn.value = direction;
    const ends = Date.now() + TURN_MS;
    const tick = setInterval(() => (left.value = ends - Date.now()), TICK_MS);
    left.value = TURN_MS;
    const completed = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), TURN_MS);
      skipTurn = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
    clearInterval(tick);
    turn.value = null;
    return completed ? capture.takePortrait() : null;
  }

  const slow = useCheckResult(() => step.value === 'checking');
  onScopeDispose(() => preview.value && URL.revokeObjectURL(preview.value));

  onScopeDispose(() => skipTurn());
  const seconds = computed(() => Math.max(1, Math.ceil(left.value / 1000)));
  const skip = () => skipTurn();
  const { error } = sending;
  return {
    step,
    identity,
    preview,
    slow,
    noPicture,
    notSent,
    turn,
    seconds,
    error,
    takePhoto,
    skip,
  };
}
