import { describe, expect, it } from 'vitest';
import { T0 } from '../tests/factories';
import { makeSitting, pageBefore } from '../tests/captures';
import {
  clipsAt,
  createCaptureWindows,
  hasClipNear,
  nextPictures,
  pictureAt,
  WINDOW_MS,
} from './captureWindows';

const HOUR = 3_600_000;
const sitting = makeSitting(T0, T0 + 3 * HOUR);

function setUp(now = T0 + 4 * HOUR) {
  const state = { now, fails: false, captures: sitting };
  const read: string[] = [];
  const windows = createCaptureWindows({
    readPage(before) {
      read.push(before);
      if (state.fails) return Promise.reject(new Error('offline'));
      return Promise.resolve(pageBefore(state.captures, before));
    },
    now: () => state.now,
    onChange: () => undefined,
  });
  async function goTo(moment: number) {
    windows.need(moment);
    // The pages of a window are read one after another.
    for (let turn = 0; turn < 40; turn++) await Promise.resolve();
    return windows.at(moment);
  }
  return { state, read, windows, goTo };
}

describe('the captures of a three-hour sitting', () => {
  it('are 3,600, of which a moment takes one request', async () => {
    const { read, goTo } = setUp();
    expect(sitting).toHaveLength(2_160 + 1_080 + 360);
    const window = await goTo(T0 + HOUR);
    expect(read).toHaveLength(1);
    expect(window?.captures.length).toBeLessThan(200);
  });

  it('are read where the replay comes, ten places with ten requests, and let go', async () => {
    const { read, windows, goTo } = setUp();
    for (let place = 0; place < 10; place++) {
      const moment = T0 + place * 17 * 60_000 + 7_000;
      const window = await goTo(moment);
      expect(window && pictureAt(window, 'first', moment)?.captured_at).toBe(
        moment - (moment % 5_000),
      );
    }
    expect(read.length).toBeLessThanOrEqual(10);
    expect(windows.size()).toBe(4);
  });

  it('of the whole sitting are never kept at once', async () => {
    const { windows, goTo } = setUp();
    for (let at = T0; at < T0 + 3 * HOUR; at += 60_000) {
      await goTo(at);
      expect(windows.size()).toBeLessThanOrEqual(4);
    }
  });

  it('are read again where they had not all come, and as their addresses age', async () => {
    const { state, read, goTo } = setUp(T0 + HOUR);
    await goTo(T0 + HOUR - 1_000);
    state.now += 1_000;
    await goTo(T0 + HOUR);
    expect(read).toHaveLength(1);
    state.now += 5_000;
    await goTo(T0 + HOUR + 5_000);
    expect(read).toHaveLength(2);
    await goTo(T0 + HOUR - 60_000);
    expect(read).toHaveLength(2);
    state.now += 11 * 60_000;
    await goTo(T0 + HOUR - 60_000);
    expect(read).toHaveLength(3);
  });

  it('that cannot be read are asked for again, not at once', async () => {
    const { state, read, windows, goTo } = setUp();
    state.fails = true;
    expect(await goTo(T0)).toBeNull();
    expect(windows.failedAt(T0)).toBe(true);
    state.fails = false;
    await goTo(T0);
    expect(read).toHaveLength(1);
    state.now += 6_000;
    expect(await goTo(T0)).not.toBeNull();
    expect(windows.failedAt(T0)).toBe(false);
  });

  it('more than a page to a window are all read', async () => {
    const { state, read, goTo } = setUp();
    state.captures = makeSitting(T0, T0 + HOUR).flatMap((capture) => [
      { ...capture, capture_id: `${capture.capture_id}-2` },
      capture,
    ]);
    const begin = (Math.floor(T0 / WINDOW_MS) + 2) * WINDOW_MS;
    const window = await goTo(begin + 1_000);
    expect(read).toHaveLength(2);
    expect(window && pictureAt(window, 'first', begin)).not.toBeNull();
  });
});

describe('a moment', () => {
  const at = T0 + 10_000;

  it('shows the newest picture of each view, as long as it stands for it', async () => {
    const { goTo, state } = setUp();
    state.captures = sitting.filter((capture) => capture.captured_at <= at);
    const window = await goTo(at);
    if (!window) throw new Error('not read');
    expect(pictureAt(window, 'first', at + 4_000)?.captured_at).toBe(at);
    expect(pictureAt(window, 'first', at + 13_000)).toBeNull();
    expect(pictureAt(window, 'second', at + 13_000)?.captured_at).toBe(at);
    expect(pictureAt(window, 'second', at + 23_000)).toBeNull();
    expect(pictureAt(window, 'first', T0 - 1)).toBeNull();
  });

  it('has the pictures and the clip that come next ready', async () => {
    const window = await setUp().goTo(at);
    if (!window) throw new Error('not read');
    expect(nextPictures(window, 'first', at).map((next) => next.captured_at)).toEqual([
      at + 5_000,
      at + 10_000,
    ]);
    expect(clipsAt(window, T0 + 4_000).current?.captured_at).toBe(T0);
    expect(clipsAt(window, T0 + 10_000).current).toBeNull();
    expect(clipsAt(window, T0 + 10_000).next?.captured_at).toBe(T0 + 30_000);
    expect(hasClipNear(window, T0 + 15_000)).toBe(true);
    expect(hasClipNear({ ...window, clips: [] }, T0 + 15_000)).toBe(false);
  });
});
