/** Runs a task repeatedly, never concurrently and not too often. */

export interface ThrottledTask {
  /** Request a run; a request during a run causes one more run after it. */
  request(): void;
  stop(): void;
}

/** Run `task` on request, never concurrently, and at least `intervalMs` after the last run ended. */
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
