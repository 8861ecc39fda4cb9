/** Doing the same thing again and again, one at a time and not too often. */

export interface Calm {
  /** Ask for it to be done; asking while it is being done makes it be done once more after. */
  ask(): void;
  stop(): void;
}

/** Do `act` when asked, never twice at once, and at least `gap` ms from end to next beginning. */
export function calmly(act: () => Promise<void>, gap: number): Calm {
  let busy = false;
  let wanted = false;
  let stopped = false;
  let rest: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    busy = true;
    wanted = false;
    await act();
    rest = setTimeout(() => {
      busy = false;
      if (wanted && !stopped) void run();
    }, gap);
  }

  return {
    ask() {
      wanted = true;
      if (!busy && !stopped) void run();
    },
    stop() {
      stopped = true;
      clearTimeout(rest);
    },
  };
}
