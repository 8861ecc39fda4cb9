import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sleep } from '../backoff';
import { createTraffic } from '../traffic';
import { createBitRate } from './bitRate';
import { recorderFormat } from './container';
import { form } from './fakes';
import type { Gap, Segment } from './model';
import { roomFor, SegmentShelf } from './segmentShelf';
import { memorySegmentStore, openSegmentStore, type SegmentStore } from './segmentStore';
import { createSegmentUploader, type UploaderOptions } from './segmentUploader';

const SESSION = 's1';
const segment = (began_at: number, changes: Partial<Segment> = {}): Segment => ({
  sessionId: SESSION,
  mode: 'all',
  track: 'first',
  segment_id: `${began_at}`,
  container: 'webm',
  began_at,
  ended_at: began_at + 10,
  size: 4,
  sha256: 'a'.repeat(64),
  upload: form(`${began_at}`),
  ...changes,
});
const FILE = new Blob(['data']);
const ARRIVED = () => new Response(null, { status: 204, headers: { ETag: '"e"' } });

describe.each([
  ['IndexedDB', () => openSegmentStore(`recordings-${Math.random()}`)],
  ['memory', () => Promise.resolve(memorySegmentStore())],
])('segments in %s', (_, open) => {
  let store: SegmentStore;
  beforeEach(async () => (store = await open()));

  it('are listed in order, with their files, until they are removed', async () => {
    await store.add(segment(20), FILE);
    await store.add(segment(10), FILE);
    await store.add(segment(10, { track: 'screen' }), FILE);
    await store.add(segment(5, { sessionId: 's2' }), FILE);
    expect((await store.list(SESSION)).map(({ began_at }) => began_at)).toEqual([10, 10, 20]);
    expect(await (await store.file(segment(10)))?.text()).toBe('data');
    await store.update(segment(20, { upload: null }));
    await store.remove(segment(10));
    const left = await store.list(SESSION);
    expect(left.map(({ track, upload }) => [track, upload === null])).toEqual([
      ['screen', false],
      ['first', true],
    ]);
    expect(await store.file(segment(10))).toBeUndefined();
  });

  it('go with their session, or when another session finds them old', async () => {
    await store.add(segment(5, { sessionId: 's2' }), FILE);
    await store.add(segment(50, { sessionId: 's3' }), FILE);
    await store.add(segment(1), FILE);
    await store.saveJournal(SESSION, { until: { first: 7 }, gaps: [] });
    await store.prune(SESSION, 40);
    expect(await store.list('s2')).toEqual([]);
    expect(await store.list('s3')).toHaveLength(1);
    expect(await store.journal(SESSION)).toEqual({ until: { first: 7 }, gaps: [] });
    await store.deleteSession(SESSION);
    expect(await store.list(SESSION)).toEqual([]);
    expect(await store.journal(SESSION)).toEqual({ until: {}, gaps: [] });
  });
});

describe('the shelf of a device that is full', () => {
  it('drops the oldest that no flag needs, and says so', async () => {
    const dropped: Gap[] = [];
    let room = 8;
    const shelf = new SegmentShelf({
      sessionId: SESSION,
      store: memorySegmentStore(),
      room: () => Promise.resolve(room),
      onDropped: (gap) => dropped.push(gap),
      onChange: () => undefined,
    });
    await shelf.open();
    await shelf.add(segment(10), FILE);
    await shelf.add(segment(20), FILE);
    shelf.setNeeded([{ began_at: 0, ended_at: 15 }]);
    room = 0;
    expect(await shelf.add(segment(30), FILE)).toBe(true);
    expect(shelf.all.map(({ began_at }) => began_at)).toEqual([10, 30]);
    expect(dropped).toEqual([{ track: 'first', began_at: 20, ended_at: 30, reason: 'disk_full' }]);
  });

  it('makes room too where the browser refuses a write, and gives up at last', async () => {
    const inner = memorySegmentStore();
    let refusals = 1;
    const store: SegmentStore = {
      ...inner,
      add: (own, file) =>
        refusals-- > 0 ? Promise.reject(new DOMException('full')) : inner.add(own, file),
    };
    const options = { sessionId: SESSION, store, onDropped: vi.fn(), onChange: vi.fn() };
    const shelf = new SegmentShelf({ ...options, room: () => Promise.resolve(100) });
    expect(await shelf.add(segment(5), FILE)).toBe(false);
    refusals = 0;
    await shelf.add(segment(10), FILE);
    refusals = 1;
    expect(await shelf.add(segment(20), FILE)).toBe(true);
    expect(shelf.all.map(({ began_at }) => began_at)).toEqual([20]);
  });

  it('leaves the device its room', async () => {
    const estimate = (quota: number, usage = 0) =>
      roomFor({ estimate: () => Promise.resolve({ quota, usage }) });
    expect(await estimate(100e9)).toBeGreaterThan(1e9);
    expect(await estimate(300e6, 250e6)).toBe(0);
    expect(await roomFor({})).toBe(64_000_000);
    expect(await roomFor({ estimate: () => Promise.reject(new Error()) })).toBe(64_000_000);
  });
});

describe('the uploader', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  let shelf: SegmentShelf;
  let sent: string[];
  const traffic = createTraffic();
  const key = (init: RequestInit) => (init.body as FormData).get('key') as string;

  beforeEach(async () => {
    sent = [];
    shelf = new SegmentShelf({
      sessionId: SESSION,
      store: memorySegmentStore(),
      room: () => Promise.resolve(1e6),
      onDropped: () => undefined,
      onChange: () => undefined,
    });
    await shelf.open();
  });

  const create = (changes: Partial<UploaderOptions> = {}) =>
    createSegmentUploader({
      shelf,
      traffic,
      bitRate: createBitRate(() => 400_000),
      isWanted: () => true,
      onFormEnded: () => undefined,
      onGap: () => undefined,
      local: () => Date.now(),
      random: () => 0,
      send: (_url, init) => {
        sent.push(key(init));
        return Promise.resolve(ARRIVED());
      },
      ...changes,
    });

  it('says of each file what it is, in the fields that the form leaves open', async () => {
    let body: FormData | undefined;
    await shelf.add(segment(10), FILE);
    create({
      send: (_url, init) => {
        body = init.body as FormData;
        return Promise.resolve(ARRIVED());
      },
    }).wake();
    await vi.waitFor(() => expect(shelf.all).toEqual([]));
    expect([...(body?.keys() ?? [])].at(-1)).toBe('file');
    expect(body?.get('x-amz-meta-sha256')).toBe('a'.repeat(64));
    expect([body?.get('x-amz-meta-began-at'), body?.get('x-amz-meta-ended-at')]).toEqual([
      '10',
      '20',
    ]);
    expect((body?.get('file') as Blob).type).toBe('video/webm');
  });

  it('waits for what is urgent, and sends one at a time, oldest first', async () => {
    let release: () => void = () => undefined;
    void traffic.urgent('capture', () => new Promise<void>((resolve) => (release = resolve)));
    for (const at of [20, 10, 30]) await shelf.add(segment(at), FILE);
    let atOnce = 0;
    let most = 0;
    create({
      send: async (_url, init) => {
        most = Math.max(most, ++atOnce);
        await sleep(5);
        atOnce -= 1;
        sent.push(key(init));
        return ARRIVED();
      },
    }).wake();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent).toEqual([]);
    release();
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toEqual(['recordings/10', 'recordings/20', 'recordings/30']);
    expect(most).toBe(1);
  });

  it('gives way to a request that is not answered at once, and sends again afterwards', async () => {
    await shelf.add(segment(10), FILE);
    let aborted = 0;
    create({
      send: (_url, init) =>
        aborted > 0
          ? Promise.resolve(ARRIVED())
          : new Promise((_, reject) =>
              init.signal?.addEventListener('abort', () => {
                aborted += 1;
                reject(new DOMException('aborted', 'AbortError'));
              }),
            ),
    }).wake();
    await vi.advanceTimersByTimeAsync(5);
    void traffic.urgent('request', () => sleep(600));
    await vi.advanceTimersByTimeAsync(500);
    expect([aborted, shelf.all.length]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(200);
    expect(shelf.all).toEqual([]);
  });

  it('takes no other answer for the bucket’s, and a refusal for the end of the form', async () => {
    await shelf.add(segment(10), FILE);
    const answers = [new Response('login', { status: 200 }), new Response('', { status: 403 })];
    const onFormEnded = vi.fn();
    create({ onFormEnded, send: () => Promise.resolve(answers.shift() ?? ARRIVED()) }).wake();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(onFormEnded).toHaveBeenCalledTimes(1);
    expect(shelf.all.map(({ upload }) => upload)).toEqual([null]);
  });

  it('tells a file that may not be uploaded as a gap', async () => {
    const gaps: Gap[] = [];
    await shelf.add(segment(10, { upload: { ...form('10'), largest: 2 } }), FILE);
    create({ onGap: (gap) => gaps.push(gap) }).wake();
    await vi.waitFor(() => expect(gaps).toHaveLength(1));
    expect(gaps[0]).toMatchObject({ began_at: 10, ended_at: 20, reason: 'recorder_failed' });
    expect(sent).toEqual([]);
  });
});

describe('the bits that a line carries', () => {
  it('fall in steps while segments pile up, and rise when it is fast again', () => {
    const rate = createBitRate(() => 400_000);
    for (let count = 0; count < 9; count += 1) rate.sent(3_000_000, 20_000, 5);
    expect(rate.share).toBe(0.2);
    for (let count = 0; count < 30; count += 1) rate.sent(1_000_000, 500, 0);
    expect(rate.share).toBe(1);
  });

  it('stay where the line keeps up, and fall where nothing gets through', () => {
    const rate = createBitRate(() => 400_000);
    for (let count = 0; count < 9; count += 1) rate.sent(4_000_000, 5_000, 1);
    expect(rate.share).toBe(1);
    rate.stuck(6);
    expect(rate.share).toBe(0.6);
  });
});

describe('the container', () => {
  it.each([
    ['Chromium', /^video\/webm/, 'webm'],
    ['Safari', /^video\/mp4/, 'mp4'],
    ['none', /^audio/, undefined],
  ])('of %s', (_, types, container) => {
    const found = recorderFormat({ isTypeSupported: (type) => types.test(type) });
    expect(found?.container).toBe(container);
  });
});
