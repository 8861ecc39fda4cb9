import { ref, type Ref } from 'vue';
import { isPending } from './model';
import { openAnswerStore } from './store';

/** How many of an ended session's answers never reached the server, as this device knows it. */
export function unsavedAnswers(sessionId: string): Ref<number> {
  const count = ref(0);
  const read = async () => {
    const kept = await (await openAnswerStore()).all(sessionId);
    count.value = kept.filter(isPending).length;
  };
  // A device that cannot read its store has nothing to tell.
  read().catch(() => undefined);
  return count;
}

/** Remove a session's answers and paper from this device, as far as it lets us. */
export async function forgetAnswers(sessionId: string): Promise<void> {
  await (await openAnswerStore()).forget(sessionId).catch(() => undefined);
}
