import { describe, expect, it } from 'vitest';
import { T0 } from '../tests/factories';
import { makeRecording, makeSegment, segmentsBefore } from '../tests/segments';
import { TRACKS } from '../model/tracks';
import { createSegmentWindows, isPlayable, segmentsAt } from './segments';

const HOUR = 3_600_000;
const recording = makeRecording(T0, T0 + 3 * HOUR, TRACKS);

function setUp(now = T0 + 4 * HOUR) {
  const state = { now, segments: recording };
  const read: string[] = [];
  const windows = createSegmentWindows({
    readPage(before) {
      read.push(before);
      return Promise.resolve(segmentsBefore(state.segments, before));
    },
    now: () => state.now,
    onChange: () => undefined,
  });
  async function goTo(moment: number) {
    windows.need(moment);
    for (let turn = 0; turn < 40; turn++) await Promise.resolve();
    return windows.at(moment);
  }
  return { state, read, windows, goTo };
}

describe('the segments of a three-hour sitting of three tracks', () => {
  it('are 3,240, of which a moment takes one request', async () => {
    const { read, goTo } = setUp();
    expect(recording).toHaveLength(3_240);
    const window = await goTo(T0 + HOUR + 7_000);
    expect(read).toHaveLength(1);
    for (const track of TRACKS) {
      const { current, next } = segmentsAt([window], track, T0 + HOUR + 7_000);
      expect(current?.began_at).toBe(T0 + HOUR + 100);
      expect(next?.began_at).toBe(T0 + HOUR + 10_100);
    }
  });

  it('are never kept all at once', async () => {
    const { windows, read, goTo } = setUp();
    for (let at = T0; at < T0 + 3 * HOUR; at += 60_000) await goTo(at);
    expect(windows.size()).toBeLessThanOrEqual(4);
    // A window of five minutes takes one page.
    expect(read.length).toBeLessThanOrEqual(37);
  });

  it('go on in the next window', async () => {
    const { windows, goTo } = setUp();
    const border = (Math.floor(T0 / 300_000) + 4) * 300_000;
    const [here, later] = [await goTo(border - 1), await goTo(border + 20_000)];
    const { current, next } = segmentsAt([here, later], 'first', border - 1);
    expect(current).not.toBeNull();
    expect(next?.began_at).toBeGreaterThan(border - 10_000);
    // One that began before the window is found in it.
    expect(segmentsAt([windows.at(border + 50)], 'first', border + 50).current).not.toBeNull();
  });

  it('of a sitting under way are there 15 s after it happened', async () => {
    const { state, read, goTo } = setUp(T0 + HOUR);
    const happened = T0 + HOUR + 4_000;
    // What is recorded from T0 + 1 h on arrives 2 s after its end.
    state.segments = recording.filter((segment) => segment.began_at < T0 + HOUR);
    await goTo(happened);
    state.now += 12_000;
    state.segments = recording;
    for (; state.now <= happened + 15_000; state.now += 1_000) await goTo(happened);
    expect(segmentsAt([await goTo(happened)], 'first', happened).current).not.toBeNull();
    expect(read.length).toBeLessThanOrEqual(5);
  });
});

describe('a moment', () => {
  const window = (...segments: ReturnType<typeof makeSegment>[]) => ({
    readAt: T0 + HOUR,
    tracks: { first: segments, second: [], screen: [] },
  });
  const at = (moment: number, ...segments: ReturnType<typeof makeSegment>[]) =>
    segmentsAt([window(...segments)], 'first', moment).current?.began_at ?? null;

  it('at a joint belongs to the segment before it', () => {
    const pair = [makeSegment(T0), makeSegment(T0 + 10_000)];
    expect(at(T0 + 9_950, ...pair)).toBe(T0 + 100);
    expect(at(T0 + 10_050, ...pair)).toBe(T0 + 100);
    expect(at(T0 + 10_100, ...pair)).toBe(T0 + 10_100);
  });

  it('in a gap belongs to none', () => {
    const pair = [makeSegment(T0), makeSegment(T0 + 40_000)];
    expect(at(T0 + 10_500, ...pair)).toBeNull();
    expect(at(T0 - 1, ...pair)).toBeNull();
    expect(at(T0 + 60_000, ...pair)).toBeNull();
  });

  it('is covered as long as the file lasts, or as announced where nobody knows', () => {
    expect(at(T0 + 8_000, makeSegment(T0, { duration: 5_000, error: 'truncated' }))).toBeNull();
    expect(at(T0 + 8_000, makeSegment(T0, { duration: 0, error: 'unreadable' }))).toBe(T0 + 100);
  });

  it('of a broken segment is not played, of a short one it is', () => {
    expect(isPlayable(makeSegment(T0, { error: 'unreadable' }))).toBe(false);
    expect(isPlayable(makeSegment(T0, { error: 'empty' }))).toBe(false);
    expect(isPlayable(makeSegment(T0, { error: 'truncated' }))).toBe(true);
    expect(isPlayable(makeSegment(T0, { error: 'hash_differs' }))).toBe(true);
  });
});
