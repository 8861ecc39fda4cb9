import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCoverage } from './coverage';
import { asStream, FakeRecorder, FakeStream, FakeTrack, PLAN, slot } from './fakes';
import type { Gap, Slot } from './model';
import {
  createSegmentRecorder,
  type Recording,
  type SegmentRecorderOptions,
} from './segmentRecorder';

const START = 1_800_000_000_000;
const clock = { now: () => Date.now(), local: () => Date.now() };
const spans = (recorded: readonly Recording[]) =>
  recorded.map(({ began_at, ended_at }) => [began_at - START, ended_at - START]);

let recorded: Recording[];
let gaps: Gap[];
let stream: FakeStream | null;

function create(changes: Partial<SegmentRecorderOptions> = {}) {
  const coverage = createCoverage({
    track: 'first',
    until: null,
    onGap: (gap) => gaps.push(gap),
    onProgress: () => undefined,
  });
  coverage.expect(START);
  return createSegmentRecorder({
    clock,
    coverage,
    source: { stream: () => stream && asStream(stream), absence: () => 'no_permission' },
    mimeType: 'video/webm',
    settings: () => PLAN,
    onRecorded: (recording) => {
      recorded.push(recording);
      coverage.cover(recording);
      return Promise.resolve();
    },
    ownSlot: () => null,
    createRecorder: (tracks, options) =>
      new FakeRecorder(tracks, options, 200) as unknown as MediaRecorder,
    ...changes,
  });
}

const plan = (count: number): Slot[] =>
  Array.from({ length: count }, (_, index) => slot(START + index * 10_000) as unknown as Slot);
const told = () =>
  gaps.map(({ began_at, ended_at, reason }) => [began_at - START, ended_at - START, reason]);

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  vi.stubGlobal('MediaStream', FakeStream);
  recorded = [];
  gaps = [];
  stream = new FakeStream([new FakeTrack('video'), new FakeTrack('audio')]);
  FakeRecorder.made.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the recorder of a track', () => {
  it('makes a file of each slot, and the next begins before the one before is delivered', async () => {
    const recorder = create();
    recorder.plan(plan(3));
    recorder.start();
    await vi.advanceTimersByTimeAsync(20_100);
    expect(spans(recorded)).toEqual([[0, 10_000]]);
    expect(FakeRecorder.made.filter(({ state }) => state === 'recording')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_200);
    expect(spans(recorded)).toEqual([
      [0, 10_000],
      [10_000, 20_000],
      [20_000, 30_000],
    ]);
    expect(gaps).toEqual([]);
    await recorder.stop();
  });

  it('ends the segment under way when it is stopped', async () => {
    const recorder = create();
    recorder.plan(plan(2));
    recorder.start();
    await vi.advanceTimersByTimeAsync(13_000);
    const stopping = recorder.stop();
    await vi.advanceTimersByTimeAsync(500);
    await stopping;
    expect(spans(recorded).at(-1)).toEqual([10_000, 13_000]);
    expect(gaps).toEqual([]);
  });

  it('records copies of the size of the plan, and leaves the camera as it is', async () => {
    const camera = new FakeTrack('video');
    stream = new FakeStream([camera]);
    const recorder = create();
    recorder.plan(plan(2));
    recorder.start();
    await vi.advanceTimersByTimeAsync(11_000);
    const [first, second] = FakeRecorder.made;
    expect(first?.stream).toBe(second?.stream);
    const [copy] = (first?.stream as unknown as FakeStream).getTracks();
    expect(copy?.constraints[0]).toMatchObject({ width: { ideal: 640 }, height: { ideal: 480 } });
    expect(camera.getSettings().width).toBe(1280);
    const stopping = recorder.stop();
    await vi.advanceTimersByTimeAsync(500);
    await stopping;
    expect([copy?.readyState, camera.readyState]).toEqual(['ended', 'live']);
  });

  it('takes the larger picture where a browser would change the camera itself', async () => {
    const camera = new FakeTrack('video', 'camera', true);
    stream = new FakeStream([camera]);
    const recorder = create();
    recorder.plan(plan(1));
    recorder.start();
    await vi.advanceTimersByTimeAsync(100);
    expect(camera.getSettings()).toMatchObject({ width: 1280, height: 720 });
  });

  it('tells a camera that is taken away as a gap, and goes on when it is back', async () => {
    const recorder = create();
    recorder.plan(plan(4));
    recorder.start();
    await vi.advanceTimersByTimeAsync(14_000);
    stream = null;
    await vi.advanceTimersByTimeAsync(9_000);
    stream = new FakeStream([new FakeTrack('video', 'another')]);
    await vi.advanceTimersByTimeAsync(18_000);
    expect(spans(recorded)).toEqual([
      [0, 10_000],
      [10_000, 15_000],
      [24_000, 30_000],
      [30_000, 40_000],
    ]);
    expect(told()).toEqual([[15_000, 24_000, 'no_permission']]);
  });

  it('outlives a recorder that fails, throws or never delivers', async () => {
    let count = 0;
    const recorder = create({
      createRecorder: (tracks, options) => {
        count += 1;
        if (count === 2) throw new DOMException('no', 'NotSupportedError');
        const made = new FakeRecorder(tracks, options, count === 3 ? null : 200);
        if (count === 1) setTimeout(() => made.onerror?.(), 4_000);
        return made as unknown as MediaRecorder;
      },
    });
    recorder.plan(plan(4));
    recorder.start();
    await vi.advanceTimersByTimeAsync(41_000);
    expect(spans(recorded)).toEqual([
      [0, 4_000],
      [30_000, 40_000],
    ]);
    expect(told()).toEqual([[4_000, 30_000, 'recorder_failed']]);
  });

  it('notices that the page was frozen, and tells it', async () => {
    const recorder = create();
    recorder.plan(plan(8));
    recorder.start();
    await vi.advanceTimersByTimeAsync(12_000);
    vi.setSystemTime(START + 45_000); // timers stood still
    await vi.advanceTimersByTimeAsync(17_000);
    expect(spans(recorded)).toEqual([
      [0, 10_000],
      [10_000, 13_000],
      [46_000, 50_000],
      [50_000, 60_000],
    ]);
    expect(told()).toEqual([[13_000, 46_000, 'frozen']]);
  });

  it('goes on along the grid where there is no plan', async () => {
    const own = (begins_at: number) =>
      ({ ...slot(Math.floor(begins_at / 10_000) * 10_000), upload: null }) as Slot;
    const recorder = create({ ownSlot: own });
    recorder.plan(plan(1));
    recorder.start();
    await vi.advanceTimersByTimeAsync(30_500);
    expect(spans(recorded)).toEqual([
      [0, 10_000],
      [10_000, 20_000],
      [20_000, 30_000],
    ]);
    expect(recorded.map((item) => item.slot.upload === null)).toEqual([false, true, true]);
  });

  it('tells what is missing so far, but not the segment under way', async () => {
    stream = null;
    const recorder = create();
    recorder.plan(plan(3));
    recorder.start();
    await vi.advanceTimersByTimeAsync(12_000);
    await recorder.settle();
    expect(told()).toEqual([[0, 12_000, 'no_permission']]);
    stream = new FakeStream();
    await vi.advanceTimersByTimeAsync(3_000);
    await recorder.settle();
    expect(told()).toHaveLength(1);
  });
});
