import { ref, watch, type Ref } from 'vue';
import { useExamSession } from './session';

const POLL_MS = 2_000;
/** The models answer within seconds; after this the person may do something else. */
const SLOW_MS = 30_000;

/**
 * In a component: while the models check something of the candidate's, read the session again and
 * again. Returns whether that takes longer than it should.
 */
export function useCheckResult(isChecking: () => boolean): Readonly<Ref<boolean>> {
  const exam = useExamSession();
  const slow = ref(false);
  watch(
    isChecking,
    (checking, _, onCleanup) => {
      slow.value = false;
      if (!checking) return;
      const poll = setInterval(() => void exam.refresh(), POLL_MS);
      const timeout = setTimeout(() => (slow.value = true), SLOW_MS);
      onCleanup(() => {
        clearInterval(poll);
        clearTimeout(timeout);
      });
    },
    { immediate: true },
  );
  return slow;
}
