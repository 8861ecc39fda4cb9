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
    if (signal?.aborted) {
      reject(new AbortedError());
      return;
    }
    const timer = setTimeout(resolve, Math.max(0, ms));
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(new AbortedError());
      },
      { once: true },
    );
  });
}

/** What was waited for is not wanted any more. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError';
}

/** A signal that aborts after `ms`; `AbortSignal.timeout` is above the supported browsers. */
export function timeoutSignal(ms: number): AbortSignal {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), ms);
  return abort.signal;
}

/**
 * What a promise of the browser's brings, or undefined after `ms`: some wait for a device or for a
 * person, and never settle without them.
 */
export function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
