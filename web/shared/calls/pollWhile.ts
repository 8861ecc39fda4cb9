import { watch } from 'vue';

const POLL_MS = 1_000;

/** Without a socket a call is connected by reading often: do so while it is needed. */
export function pollWhile(condition: () => boolean, read: () => void): void {
  watch(
    condition,
    (isActive, _, onCleanup) => {
      if (!isActive) return;
      const timer = setInterval(read, POLL_MS);
      onCleanup(() => clearInterval(timer));
    },
    { immediate: true },
  );
}
