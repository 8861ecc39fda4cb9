/** Doing once for each frame of the screen what is asked for many times. */

export interface PerFrame<Item> {
  add: (item: Item) => void;
  stop: () => void;
}

/** A page out of sight gets no frames; it keeps up all the same. */
const AT_MOST = 500;

/** Hand `act` whatever came since the last frame, in the order in which it came. */
export function perFrame<Item>(act: (items: readonly Item[]) => void): PerFrame<Item> {
  let waiting: Item[] = [];
  let frame = 0;
  let late: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    rest();
    const items = waiting;
    waiting = [];
    act(items);
  }

  function rest(): void {
    cancelAnimationFrame(frame);
    clearTimeout(late);
  }

  return {
    add(item) {
      if (waiting.push(item) > 1) return;
      frame = requestAnimationFrame(flush);
      late = setTimeout(flush, AT_MOST);
    },
    stop() {
      rest();
      waiting = [];
    },
  };
}
