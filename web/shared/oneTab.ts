/**
 * Run `work` in one tab of this browser at a time: the others wait until that tab is closed, or
 * until `signal` aborts. A browser that lends no locks (all cookies blocked, an old one) runs it in
 * every tab: twice is better than never.
 */
export function runInOneTab(name: string, signal: AbortSignal, work: () => Promise<void>): void {
  const { locks } = navigator as Partial<Navigator>;
  let started = false;
  const start = () => {
    started = true;
    return work();
  };
  const request = locks ? locks.request(name, { signal }, start) : Promise.reject(new Error());
  request.catch(() => {
    if (!started && !signal.aborted) void start();
  });
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
