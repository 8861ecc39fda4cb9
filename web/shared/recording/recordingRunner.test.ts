import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, NetworkError } from '../api/errors';
import { createTraffic } from '../traffic';
import { asStream, FakePlanner, FakeStream, FakeTrack, makeRecorder } from './fakes';
import {
  createRecordingRunner,
  type RecordingRunner,
  type RecordingStatus,
  type RunnerOptions,
} from './recordingRunner';
import { memorySegmentStore } from './segmentStore';
import { segmentId } from './trackRecorders';

const START = 1_800_000_000_000;
const SESSION = 'session-1';
const clock = { now: () => Date.now(), local: () => Date.now() };

let planner: FakePlanner;
let arrived: string[];
let answer: () => Response;
let status: RecordingStatus;
let stream: FakeStream | null;
let store = memorySegmentStore();

const arrive = () => new Response(null, { status: 204, headers: { ETag: '"e"' } });

function create(changes: Partial<RunnerOptions> = {}) {
  return createRecordingRunner({
    sessionId: SESSION,
    clock,
    format: { container: 'webm', mimeType: 'video/webm' },
    sources: { first: { stream: () => stream && asStream(stream), absence: () => 'muted' } },
    fetchPlan: planner.fetch,
    store,
    room: () => Promise.resolve(1e9),
    traffic: createTraffic(),
    onStatus: (next) => (status = next),
    send: (_url, init) => {
      const response = answer();
      const key = (init.body as FormData).get('key') as string;
      if (response.status === 204) arrived.push(key.slice('recordings/'.length));
      return Promise.resolve(response);
    },
    createRecorder: makeRecorder,
    hash,
    random: () => 0.5,
    ...changes,
  });
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** The browser's takes a moment that no clock of a test counts. */
const hash = (file: Blob) => Promise.resolve(`${file.size}`.padStart(64, '0'));

async function close(runner: RecordingRunner): Promise<void> {
  const closed = { yes: false };
  void runner.stop().then(() => (closed.yes = true));
  while (!closed.yes) await pass(1_000);
}

beforeEach(() => {
  vi.useFakeTimers({
    now: START,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
  vi.stubGlobal('MediaStream', FakeStream);
  planner = new FakePlanner();
  arrived = [];
  answer = arrive;
  stream = new FakeStream([new FakeTrack('video')]);
  store = memorySegmentStore();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the recording of a session', () => {
  it('is asked for once a window, recorded without a hole and uploaded in order', async () => {
    const runner = create();
    runner.setRecording(true);
    void runner.start();
    await pass(125_000);
    expect(planner.queries).toHaveLength(3);
    expect(arrived).toEqual(
      Array.from({ length: 11 }, (_, index) => `${START + 10_000 + index * 10_000}-id`),
    );
    expect(planner.queries.flatMap(({ gaps }) => gaps)).toEqual([]);
    expect(status).toEqual({ recording: ['first'], waiting: 0 });
    await close(runner);
  });

  it('goes on without the server and names afterwards what has no form', async () => {
    const runner = create();
    runner.setRecording(true);
    void runner.start();
    await pass(5_000);
    planner.failure = new NetworkError('cut');
    answer = () => new Response(null, { status: 503 });
    await pass(115_000);
    expect(status.waiting).toBe(10);
    planner.failure = null;
    answer = arrive;
    await pass(95_000);
    const pending = planner.queries.flatMap((query) => query.pending);
    expect(pending[0]).toEqual({
      track: 'first',
      segment_id: await segmentId(hash, SESSION, 'first', START + 70_000),
    });
    const begins = arrived.map((id) => Number(id.split('-')[0])).sort();
    expect(begins.length).toBeGreaterThan(15);
    expect(begins).toEqual(begins.map((_, index) => START + 10_000 * (index + 1)));
    expect(planner.queries.flatMap(({ gaps }) => gaps)).toEqual([]);
    await close(runner);
  });

  it('asks for another form where one is over', async () => {
    const runner = create();
    runner.setRecording(true);
    void runner.start();
    answer = () => new Response('<Error/>', { status: 403 });
    await pass(25_000);
    answer = arrive;
    await pass(40_000);
    expect(planner.queries.some(({ pending }) => pending.length > 0)).toBe(true);
    expect(arrived).toContain(`${START + 10_000}-id`);
    await close(runner);
  });

  it('after a reload tells the time in between as a gap, and uploads what was left', async () => {
    const before = create();
    before.setRecording(true);
    void before.start();
    answer = () => new Response(null, { status: 503 });
    await pass(24_000); // the tab is killed: nothing is stopped, nothing said
    const left = await store.list(SESSION);
    expect(left).toHaveLength(1);
    const snapshot = { list: left, journal: await store.journal(SESSION) };
    void before.stop();
    await pass(1_000);
    for (const segment of await store.list(SESSION))
      if (!snapshot.list.some((kept) => kept.segment_id === segment.segment_id))
        await store.remove(segment);
    await store.saveJournal(SESSION, snapshot.journal);
    answer = arrive;
    await pass(15_000);
    const after = create();
    after.setRecording(true);
    void after.start();
    await pass(75_000);
    expect(arrived[0]).toBe(`${START + 10_000}-id`);
    expect(planner.queries.flatMap(({ gaps }) => gaps)).toEqual([
      {
        track: 'first',
        began_at: START + 20_000,
        ended_at: START + 50_000,
        reason: 'page_closed',
      },
    ]);
    await close(after);
  });

  it('records around flags into a ring: only what is asked for leaves the device', async () => {
    planner.mode = 'flags';
    const runner = create();
    runner.setRecording(true);
    void runner.start();
    await pass(300_000);
    expect(arrived).toEqual([]);
    const kept = await store.list(SESSION);
    expect(kept.length).toBeLessThanOrEqual(24);
    expect(kept[0]?.ended_at).toBeGreaterThan(Date.now() - 235_000);
    planner.keep = [{ began_at: Date.now() - 60_000, ended_at: Date.now() - 30_000 }];
    await pass(60_000);
    expect(arrived).toHaveLength(3);
    await close(runner);
  });

  it('uploads what is left after the end, then asks for nothing more', async () => {
    const runner = create();
    runner.setRecording(true);
    void runner.start();
    answer = () => new Response(null, { status: 503 });
    await pass(34_000);
    planner.over = true;
    runner.setRecording(false);
    await pass(3_000);
    expect(status).toEqual({ recording: [], waiting: 3 });
    answer = arrive;
    await pass(60_000);
    expect(status.waiting).toBe(0);
    const asked = planner.queries.length;
    await pass(300_000);
    expect(planner.queries).toHaveLength(asked);
    await close(runner);
  });

  it('tells what is lost where the person leaves before all of it is uploaded', async () => {
    const runner = create();
    runner.setRecording(true);
    void runner.start();
    answer = () => new Response(null, { status: 503 });
    await pass(34_000);
    planner.over = true;
    runner.setRecording(false);
    await pass(3_000);
    await runner.abandon();
    expect(planner.queries.at(-1)?.gaps).toEqual([
      {
        track: 'first',
        began_at: START + 10_000,
        ended_at: START + 34_000,
        reason: 'upload_expired',
      },
    ]);
    expect(await store.list(SESSION)).toEqual([]);
    await close(runner);
  });

  it('asks for nothing where nothing was recorded', async () => {
    const runner = create();
    void runner.start();
    await pass(120_000);
    expect(planner.queries).toEqual([]);
    await close(runner);
  });

  it('is not shaken by a refusal', async () => {
    planner.failure = new ApiError(409, 'wrong_state', 'over');
    const runner = create();
    runner.setRecording(true);
    void runner.start();
    await pass(100_000);
    planner.failure = null;
    await pass(120_000);
    expect(arrived.length).toBeGreaterThan(3);
    await close(runner);
  });

  it('says that it cannot record where the browser cannot', async () => {
    const runner = create({ format: null });
    runner.setRecording(true);
    void runner.start();
    await pass(150_000);
    const [gap] = planner.queries.flatMap(({ gaps }) => gaps);
    expect(gap).toMatchObject({ track: 'first', reason: 'not_supported' });
    await close(runner);
  });
});
