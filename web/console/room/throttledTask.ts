/** Doing the same thing again and again, one at a time and not too often. */

export interface ThrottledTask {
  /** Ask for it to be done; asking while it is being done makes it be done once more after. */
  request(): void;
  stop(): void;
}

/** Do `act` when asked, never twice at once, and at least `gap` ms from end to next beginning. */
export function createThrottledTask(task: () => Promise<void>, intervalMs: number): ThrottledTask {
  let busy = false;
  let pending = false;
  let stopped = false;
  let cooldown: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    busy = true;
    pending = false;
    await task();
    cooldown = setTimeout(() => {
      busy = false;
      if (pending && !stopped) void run();
    }, intervalMs);
  }

  return {
    request() {
      pending = true;
      if (!busy && !stopped) void run();
    },
    stop() {
      stopped = true;
      clearTimeout(cooldown);
    },
  };
}
