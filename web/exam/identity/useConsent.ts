import { useTask } from '../../shared/task';
import { useExamSession } from '../session/session';

/** Saying yes or no to the processing of one's face. */
export function useConsent() {
  const exam = useExamSession();
  const { busy, error, run } = useTask();
  const say = (agreed: boolean) =>
    run(() =>
      exam.act((api) =>
        api.ask((client) => client.POST('/candidate/face-consent', { body: { agreed } })),
      ),
    );
  return { busy, error, say };
}
