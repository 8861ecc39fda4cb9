/** Doing once for each frame of the screen what is asked for many times. */

export interface FrameBatch<Item> {
  add: (item: Item) => void;
  stop: () => void;
}

/** A page out of sight gets no frames; it keeps up all the same. */
const MAX_DELAY_MS = 500;

/** Hand `act` whatever came since the last frame, in the order in which it came. */
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
