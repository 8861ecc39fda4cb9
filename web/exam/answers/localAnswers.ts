import { ref, type Ref } from 'vue';
import { sha256 } from '../../shared/sha256';
import { isPending } from './model';
import { openAnswerStore } from './store';

/** How many of an ended session's answers never reached the server, as this device knows it. */
export function unsavedAnswers(sessionId: string): Ref<number> {
  const count = ref(0);
  // Nothing to report where the store cannot be read.
  void countUnsaved(sessionId).then(
    (unsaved) => (count.value = unsaved),
    () => undefined,
  );
  return count;
}

/** How many of a session's answers on this device the server is not known to have. */
export async function countUnsaved(sessionId: string): Promise<number> {
  const answers = await (await openAnswerStore()).all(sessionId);
  return answers.filter(isPending).length;
}

/** The hash of the answers that this device holds, made as the receipt's is. */
export async function hashOfAnswers(sessionId: string): Promise<string> {
  const answers = await (await openAnswerStore()).all(sessionId);
  const rows = answers
    .map((answer) => [answer.questionId, answer.sequence, answer.value] as const)
    .sort(([first], [second]) => (first < second ? -1 : 1));
  const bytes = new TextEncoder().encode(JSON.stringify(rows));
  return sha256(bytes);
}

/** Remove a session's answers and paper from this device, as far as it lets us. */
export async function forgetAnswers(sessionId: string): Promise<void> {
  await (await openAnswerStore()).deleteSession(sessionId).catch(() => undefined);
}
