/** How long to wait before the next try: doubling, bounded, and spread so that nobody storms. */
export function backoff(
  failures: number,
  random: () => number = Math.random,
  first = 500,
  longest = 30_000,
): number {
  const whole = Math.min(longest, first * 2 ** Math.min(failures, 16));
  return Math.round(whole * (0.5 + random() / 2));
}

/** Resolve after `ms`, or reject as soon as the signal is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(resolve, Math.max(0, ms));
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
