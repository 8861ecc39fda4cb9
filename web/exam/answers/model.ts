import type { SavedAnswer } from '../../shared/api/types';

/** An answer as this device knows it. */
export interface LocalAnswer {
  sessionId: string;
  questionId: string;
  /** Grows with every change; of two, the higher is true. */
  sequence: number;
  value: string[];
  /** The highest sequence that the server is known to have; 0 where none. */
  saved: number;
}

/** The server's version of an answer. */
export type ServerAnswer = Pick<SavedAnswer, 'question_id' | 'sequence' | 'value'>;

export function isPending(answer: LocalAnswer): boolean {
  return answer.sequence > answer.saved;
}

/** The next answer to a question: one sequence further, not yet saved. */
export function nextAnswer(
  sessionId: string,
  questionId: string,
  value: string[],
  old?: LocalAnswer,
): LocalAnswer {
  const saved = old?.saved ?? 0;
  const sequence = Math.max(old?.sequence ?? 0, saved) + 1;
  return { sessionId, questionId, sequence, value, saved };
}

/** Record that the server has `sequence`; a newer change on this device stays pending. */
export function confirmSaved(old: LocalAnswer, sequence: number): LocalAnswer {
  return { ...old, saved: Math.max(old.saved, sequence) };
}

/**
 * Bring this device's answer and the server's together: the higher sequence is true, and of two
 * equal ones the server's, which was first.
 */
export function mergeAnswer(
  sessionId: string,
  server: ServerAnswer,
  old?: LocalAnswer,
): LocalAnswer {
  if (old && old.sequence > server.sequence) return confirmSaved(old, server.sequence);
  return {
    sessionId,
    questionId: server.question_id,
    sequence: server.sequence,
    value: [...server.value],
    saved: server.sequence,
  };
}

/** The same value one sequence behind what the server has: this device's count was lost or too far. */
export function renumberAnswer(old: LocalAnswer, saved: number): LocalAnswer {
  return isPending(old) ? { ...old, sequence: saved + 1, saved } : old;
}

export function isSameValue(first: readonly string[], second: readonly string[]): boolean {
  return first.length === second.length && first.every((part, index) => part === second[index]);
}
