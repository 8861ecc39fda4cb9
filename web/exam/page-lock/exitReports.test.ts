import { expect, test } from 'vitest';
import { ApiError, NetworkError } from '../../shared/api/errors';
import { createExitReports, type ExitReportBody, type ExitReport } from './exitReports';

class SavedReports {
  private readonly values = new Map<string, string>();
  get = (name: string) => this.values.get(name) ?? null;
  set = (name: string, value: string) => void this.values.set(name, value);
  remove = (name: string) => void this.values.delete(name);
}

class FakeServer {
  clock = 100_000;
  serverSequence = 0;
  refuse: Error | null = null;
  readonly received: ExitReportBody[] = [];
  waiting: readonly ExitReport[] = [];
  attempts = 0;
  readonly refusals: string[] = [];

  constructor(readonly storage = new SavedReports()) {}

  open() {
    return createExitReports({
      name: 'lock',
      now: () => this.clock,
      serverSequence: () => this.serverSequence,
      send: (body) => {
        this.attempts += 1;
        if (this.refuse) return Promise.reject(this.refuse);
        this.received.push(body);
        return Promise.resolve();
      },
      onChange: (waiting) => (this.waiting = waiting),
      onRefused: (reason) => this.refusals.push(reason),
      store: this.storage,
    });
  }

  flushed = () => expect.poll(() => this.waiting.length).toBe(0);
}

test('reports are sent in order, with how long ago they were', async () => {
  const server = new FakeServer();
  const reports = server.open();
  reports.add(true, 'blur');
  server.clock += 4_000;
  reports.add(false, 'blur');
  await server.flushed();
  expect(server.received.map((report) => [report.sequence, report.away])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(server.received[0]?.ago).toBe(0);
});

test('without a network they wait, also over a reload, and keep their moments', async () => {
  const server = new FakeServer();
  server.refuse = new NetworkError('offline');
  const before = server.open();
  before.add(true, 'hidden');
  before.add(false, 'hidden');
  before.stop();
  const after = new FakeServer(server.storage);
  after.clock = server.clock + 60_000;
  after.open();
  await after.flushed();
  expect(after.received.map((report) => [report.sequence, report.ago])).toEqual([
    [1, 60_000],
    [2, 60_000],
  ]);
});

test('what the server refuses for good is not sent again, but kept and told', async () => {
  const server = new FakeServer();
  server.refuse = new ApiError(400, 'invalid', '序号过大。');
  const reports = server.open();
  reports.add(true, 'blur');
  await server.flushed();
  expect([server.received, server.refusals]).toEqual([[], ['序号过大。']]);
  server.refuse = null;
  reports.add(false, 'blur');
  await server.flushed();
  expect(server.received.map((report) => report.sequence)).toEqual([2]);

  const reloaded = new FakeServer(server.storage);
  reloaded.open();
  expect(reloaded.refusals).toEqual(['序号过大。']);
  expect(server.storage.get('lock')).toContain('"sequence":1');
});

test('a session that is over takes no report any more, and nothing is told', async () => {
  const server = new FakeServer();
  server.refuse = new ApiError(409, 'wrong_state', '考试已结束。');
  server.open().add(true, 'blur');
  await server.flushed();
  expect([server.received, server.refusals]).toEqual([[], []]);
});

test('a report waits until the person has signed in again', async () => {
  const server = new FakeServer();
  server.refuse = new ApiError(401, 'not_signed_in', '请重新登录。');
  server.open().add(true, 'blur');
  await expect.poll(() => server.attempts).toBe(1);
  expect(server.waiting).toHaveLength(1);
  server.refuse = null;
  await server.flushed();
  expect([server.received.length, server.refusals]).toEqual([1, []]);
});

test('numbers go on from what the server has, where this device has forgotten', async () => {
  const server = new FakeServer();
  server.serverSequence = 41;
  server.open().add(true, 'screen');
  await server.flushed();
  expect(server.received[0]?.sequence).toBe(42);
});

test('a clock that was wrong never tells of the future', async () => {
  const server = new FakeServer();
  server.refuse = new NetworkError('offline');
  server.open().add(true, 'blur');
  const after = new FakeServer(server.storage);
  after.clock = server.clock - 50_000;
  after.open();
  await after.flushed();
  expect(after.received[0]?.ago).toBe(0);
});
