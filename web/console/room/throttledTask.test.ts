import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createThrottledTask } from './throttledTask';

describe('a throttled task', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('does it at once, and once more for however many asked meanwhile', async () => {
    let done = 0;
    const task = createThrottledTask(() => Promise.resolve(void (done += 1)), 1_000);
    for (let times = 0; times < 5; times += 1) task.request();
    expect(done).toBe(1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(done).toBe(2);
    task.request();
    expect(done).toBe(3);
  });

  it('does nothing more after it was stopped', async () => {
    let done = 0;
    const task = createThrottledTask(() => Promise.resolve(void (done += 1)), 1_000);
    task.request();
    task.request();
    task.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    task.request();
    expect(done).toBe(1);
  });
});
