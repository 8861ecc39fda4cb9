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

  constructor(readonly storage = new SavedReports()) {}

  open() {
    return createExitReports({
      name: 'lock',
      now: () => this.clock,
      serverSequence: () => this.serverSequence,
      send: (body) => {
        if (this.refuse) return Promise.reject(this.refuse);
        this.received.push(body);
        return Promise.resolve();
      },
      onChange: (waiting) => (this.waiting = waiting),
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

test('what the server refuses for good is not sent again', async () => {
  const server = new FakeServer();
  server.refuse = new ApiError(400, 'invalid', '');
  server.open().add(true, 'blur');
  await server.flushed();
  expect(server.received).toEqual([]);
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
