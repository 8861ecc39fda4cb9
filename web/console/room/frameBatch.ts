/** Batches work by animation frame. */

export interface FrameBatch<Item> {
  add: (item: Item) => void;
  stop: () => void;
}

/** Hidden pages get no animation frames; this timeout flushes then. */
const MAX_DELAY_MS = 500;

/** Call `callback` with all items since the last frame, in order of arrival. */
export function createFrameBatch<Item>(
  callback: (items: readonly Item[]) => void,
): FrameBatch<Item> {
  let queue: Item[] = [];
  let frame = 0;
  let fallback: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    cancel();
    const items = queue;
    queue = [];
    callback(items);
  }

  function cancel(): void {
    cancelAnimationFrame(frame);
    clearTimeout(fallback);
  }

  return {
    add(item) {
      if (queue.push(item) > 1) return;
      frame = requestAnimationFrame(flush);
      fallback = setTimeout(flush, MAX_DELAY_MS);
    },
    stop() {
      cancel();
      queue = [];
    },
  };
}
