import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, NetworkError } from '../api/errors';
import type { Plan, PlannedCapture } from '../api/types';
import { createPlanRunner, type PlanStore, type PlanOptions } from './plan';

const START = 1_000_000;

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
});
afterEach(() => {
  vi.useRealTimers();
});

const clock = { now: () => Date.now() };

function planned(dueAt: number): PlannedCapture {
  const form = { url: '/', fields: {}, largest: 9, content_type: 'image/jpeg' };
  const upload = { ...form, capture_id: String(dueAt - START) };
  return { view: 'first', medium: 'picture', due_at: dueAt, length: 0, upload };
}

/** A window that begins now: a capture at each of `offsets`, the next plan after `nextIn`. */
function planOf(offsets: number[], nextIn = 50_000): Plan {
  const now = clock.now();
  const captures = offsets.map((offset) => planned(now + offset));
  return { now, next_at: now + nextIn, captures };
}

/** A runner that notes at which moments it took pictures, in ms after the start. */
function createRunner(options: Partial<PlanOptions> = {}) {
  const captured: number[] = [];
  const done: boolean[] = [];
  const runner = createPlanRunner({
    clock,
    fetchPlan: () => Promise.resolve(planOf([])),
    capture: () => {
      captured.push(clock.now() - START);
      return Promise.resolve(new Blob(['x']));
    },
    send: () => Promise.resolve(true),
    onDone: (_, arrived) => done.push(arrived),
    random: () => 1,
    ...options,
  });
  return { runner, taken: captured, done };
}

describe('a plan', () => {
  it('is carried out at its moments, and the next one asked for in time', async () => {
    let requests = 0;
    const {
      runner,
      taken: captured,
      done,
    } = createRunner({
      fetchPlan: () => Promise.resolve(planOf(requests++ === 0 ? [2_000, 9_000] : [15_000])),
    });
    runner.start();
    await vi.advanceTimersByTimeAsync(70_000);
    expect(captured).toEqual([2_000, 9_000, 65_000]);
    expect(done).toEqual([true, true, true]);
    expect(requests).toBe(2);
    runner.stop();
  });

  it('leaves out what is more than three seconds late', async () => {
    const { runner, taken: captured } = createRunner({
      fetchPlan: () => Promise.resolve(planOf([-10_000, -3_500, -1_000, 500])),
    });
    runner.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(captured).toEqual([0, 500]);
    runner.stop();
  });

  it('is asked for again, ever later, while the network fails', async () => {
    let requests = 0;
    const { runner, taken: captured } = createRunner({
      fetchPlan: () =>
        requests++ < 3 ? Promise.reject(new NetworkError('cut')) : Promise.resolve(planOf([100])),
    });
    runner.start();
    await vi.advanceTimersByTimeAsync(7_500);
    expect(requests).toBe(4);
    expect(captured).toEqual([7_100]);
    runner.stop();
  });

  it.each([
    new NetworkError('a page of a firewall', 405),
    new ApiError(409, 'wrong_state', ''),
    new ApiError(401, 'not_signed_in', ''),
  ])(
    'is asked for again, seldom, whatever was answered, until it is stopped: %s',
    async (error) => {
      let requests = 0;
      let refusals = 0;
      const { runner, taken: captured } = createRunner({
        fetchPlan: () =>
          ++requests <= 6 ? Promise.reject(error) : Promise.resolve(planOf([1_000])),
        onRefused: () => (refusals += 1),
      });
      runner.start();
      await vi.advanceTimersByTimeAsync(44_900);
      expect([requests, captured]).toEqual([6, []]);
      await vi.advanceTimersByTimeAsync(2_000);
      expect([requests, captured]).toEqual([7, [46_000]]);
      expect(refusals).toBe(error instanceof ApiError ? 6 : 0);
      runner.stop();
      await vi.advanceTimersByTimeAsync(600_000);
      expect(requests).toBe(7);
    },
  );

  it('is given its own time to arrive in', async () => {
    const patience: number[] = [];
    const { runner } = createRunner({
      fetchPlan: () => Promise.resolve(planOf([-1_000, 500])),
      send: (_form, _file, patienceMs) => Promise.resolve(patience.push(patienceMs) > 0),
    });
    runner.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(patience).toEqual([59_000, 60_000]);
    runner.stop();
  });

  it('says what did not arrive, and goes on', async () => {
    let number = 0;
    const { runner, done } = createRunner({
      fetchPlan: () => Promise.resolve(planOf([100, 200, 300])),
      capture: () => Promise.resolve(number++ === 0 ? null : new Blob(['x'])),
      send: () => Promise.resolve(number > 2),
    });
    runner.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done).toEqual([false, false, true]);
    runner.stop();
  });

  it('goes on after a reload where it was', async () => {
    let saved: Plan | null = null;
    const keeper: PlanStore = { load: () => saved, save: (plan) => (saved = plan) };
    let requests = 0;
    const ask = () => {
      requests += 1;
      return Promise.resolve(planOf([5_000, 20_000]));
    };
    const first = createRunner({ fetchPlan: ask, store: keeper });
    first.runner.start();
    await vi.advanceTimersByTimeAsync(10_000);
    first.runner.stop();

    const second = createRunner({ fetchPlan: ask, store: keeper });
    second.runner.start();
    await vi.advanceTimersByTimeAsync(15_000);
    expect([first.taken, second.taken]).toEqual([[5_000], [20_000]]);
    expect(requests).toBe(1);
    second.runner.stop();
  });
});
