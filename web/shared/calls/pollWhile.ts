import { watch } from 'vue';

const POLL_MS = 1_000;

/** Without a socket a call is connected by reading often: do so while it is needed. */
export function readOften(needed: () => boolean, read: () => void): void {
  watch(
    needed,
    (often, _, onCleanup) => {
      if (!often) return;
      const timer = setInterval(read, POLL_MS);
      onCleanup(() => clearInterval(timer));
    },
    { immediate: true },
  );
}
