import { ref, type Ref, type ShallowRef } from 'vue';
import { useTask } from '../../shared/task';
import type { Answers } from '../answers/useAnswers';
import type { ExamSession } from '../session/session';

/** Handing in: first the summary in place of the question, then the act itself. */
export interface HandingIn {
  /** Whether the summary is shown. */
  readonly asking: Ref<boolean>;
  readonly busy: Ref<boolean>;
  readonly error: ShallowRef<unknown>;
  /** How many answers kept the last try from handing in: the server has not got them. */
  readonly unsaved: Ref<number>;
  ask: () => void;
  confirm: () => Promise<void>;
}

export function useHandIn(
  { act }: Pick<ExamSession, 'act'>,
  answers: Pick<Answers, 'flush'>,
): HandingIn {
  const { busy, error, run } = useTask();
  const asking = ref(false);
  const unsaved = ref(0);

  function ask(): void {
    unsaved.value = 0;
    error.value = null;
    asking.value = true;
  }

  /** Hands in only what the server has: nothing unsaved is left behind quietly. */
  async function confirm(): Promise<void> {
    await run(async () => {
      unsaved.value = (await answers.flush()).length;
      if (unsaved.value > 0) return;
      await act((api) => api.ask((client) => client.POST('/candidate/submit')));
    });
  }

  return { asking, busy, error, unsaved, ask, confirm };
}
