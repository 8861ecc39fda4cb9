import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AbortedError, sleep, timeoutSignal, within } from './backoff';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('sleeps until it is aborted, before or meanwhile', async () => {
  const abort = new AbortController();
  const asleep = sleep(1_000, abort.signal);
  abort.abort();
  await expect(asleep).rejects.toBeInstanceOf(AbortedError);
  await expect(sleep(1_000, abort.signal)).rejects.toBeInstanceOf(AbortedError);
});

it('aborts a signal in time', () => {
  const signal = timeoutSignal(20_000);
  vi.advanceTimersByTime(19_999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.aborted).toBe(true);
});

describe('waiting for the browser', () => {
  it('brings what came in time', async () => {
    await expect(within(Promise.resolve('live'), 1_000)).resolves.toBe('live');
    await expect(within(Promise.reject(new Error('refused')), 1_000)).rejects.toThrow('refused');
  });

  it('ends where nothing ever comes', async () => {
    const waiting = within(new Promise(() => undefined), 1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(waiting).resolves.toBeUndefined();
  });
});
