import { getCurrentScope, onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { isRetryable } from '../../shared/api/errors';
import { backoff } from '../../shared/backoff';
import { useTask } from '../../shared/task';
import type { Answers } from '../answers/useAnswers';
import type { ExamSession } from '../session/session';

/** Handing in: first the summary in place of the question, then the act itself. */
export interface HandInFlow {
  /** Whether the summary is shown. */
  readonly isConfirming: Ref<boolean>;
  readonly busy: Ref<boolean>;
  readonly error: ShallowRef<unknown>;
  /** Questions whose answers kept the last try from handing in: the server has not got them. */
  readonly unsaved: ShallowRef<string[]>;
  /** What kept it from handing in may pass: it is tried again by itself. */
  readonly isRetrying: Ref<boolean>;
  open: () => void;
  confirm: () => Promise<void>;
  /** Back to the questions: nothing is handed in any more until it is confirmed anew. */
  close: () => void;
}

const FIRST_RETRY_MS = 2_000;
const MAX_RETRY_MS = 15_000;

export function useHandIn(
  { runStep }: Pick<ExamSession, 'runStep'>,
  answers: Pick<Answers, 'flush' | 'states'>,
): HandInFlow {
  const { busy, error, run } = useTask();
  const isConfirming = ref(false);
  const unsaved = shallowRef<string[]>([]);
  const isRetrying = ref(false);
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stopRetrying(): void {
    clearTimeout(timer);
    isRetrying.value = false;
  }

  function open(): void {
    unsaved.value = [];
    error.value = null;
    failures = 0;
    isConfirming.value = true;
  }

  function close(): void {
    stopRetrying();
    isConfirming.value = false;
  }

  /** Hands in only what the server has: nothing unsaved is left behind quietly. */
  async function confirm(): Promise<void> {
    if (busy.value) return;
    stopRetrying();
    await run(async () => {
      unsaved.value = await answers.flush();
      if (unsaved.value.length > 0) return;
      await runStep((api) => api.request((client) => client.POST('/candidate/submit')));
    });
    if (!isConfirming.value || !mayPass()) return;
    isRetrying.value = true;
    const pause = backoff(failures++, Math.random, FIRST_RETRY_MS, MAX_RETRY_MS);
    timer = setTimeout(() => void confirm(), pause);
  }

  /** Whether it was the network that kept the paper from being handed in, not the API's word. */
  function mayPass(): boolean {
    if (error.value) return isRetryable(error.value);
    return unsaved.value.some((questionId) => answers.states.get(questionId) !== 'refused');
  }

  if (getCurrentScope()) onScopeDispose(stopRetrying);
  return { isConfirming, busy, error, unsaved, isRetrying, open, confirm, close };
}
