import { ref, type Ref, type ShallowRef } from 'vue';
import { useTask } from '../../shared/task';
import type { Answers } from '../answers/useAnswers';
import type { ExamSession } from '../session/session';

/** Handing in: first the summary in place of the question, then the act itself. */
export interface HandInFlow {
  /** Whether the summary is shown. */
  readonly isConfirming: Ref<boolean>;
  readonly busy: Ref<boolean>;
  readonly error: ShallowRef<unknown>;
  /** How many answers kept the last try from handing in: the server has not got them. */
  readonly unsaved: Ref<number>;
  open: () => void;
  confirm: () => Promise<void>;
}

export function useHandIn(
  { runStep }: Pick<ExamSession, 'runStep'>,
  answers: Pick<Answers, 'flush'>,
): HandInFlow {
  const { busy, error, run } = useTask();
  const isConfirming = ref(false);
  const unsaved = ref(0);

  function open(): void {
    unsaved.value = 0;
    error.value = null;
    isConfirming.value = true;
  }

  /** Hands in only what the server has: nothing unsaved is left behind quietly. */
  async function confirm(): Promise<void> {
    await run(async () => {
      unsaved.value = (await answers.flush()).length;
      if (unsaved.value > 0) return;
      await runStep((api) => api.request((client) => client.POST('/candidate/submit')));
    });
  }

  return { isConfirming, busy, error, unsaved, open, confirm };
}
