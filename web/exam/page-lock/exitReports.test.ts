import { expect, test } from 'vitest';
import { ApiError, NetworkError } from '../../shared/api/errors';
import { createExitReports, type ExitReportBody, type ExitReport } from './exitReports';

class Kept implements Pick<Storage, 'getItem' | 'setItem'> {
  private readonly values = new Map<string, string>();
  getItem = (name: string) => this.values.get(name) ?? null;
  setItem = (name: string, value: string) => void this.values.set(name, value);
}

class Desk {
  clock = 100_000;
  known = 0;
  refuse: Error | null = null;
  readonly taken: ExitReportBody[] = [];
  waiting: readonly ExitReport[] = [];

  constructor(readonly storage = new Kept()) {}

  open() {
    return createExitReports({
      name: 'lock',
      now: () => this.clock,
      serverSequence: () => this.known,
      send: (body) => {
        if (this.refuse) return Promise.reject(this.refuse);
        this.taken.push(body);
        return Promise.resolve();
      },
      onChange: (waiting) => (this.waiting = waiting),
      storage: this.storage as unknown as Storage,
    });
  }

  settled = () => expect.poll(() => this.waiting.length).toBe(0);
}

test('reports are sent in order, with how long ago they were', async () => {
  const desk = new Desk();
  const reports = desk.open();
  reports.add(true, 'blur');
  desk.clock += 4_000;
  reports.add(false, 'blur');
  await desk.settled();
  expect(desk.taken.map((report) => [report.sequence, report.away])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(desk.taken[0]?.ago).toBe(0);
});

test('without a network they wait, also over a reload, and keep their moments', async () => {
  const desk = new Desk();
  desk.refuse = new NetworkError('offline');
  const before = desk.open();
  before.add(true, 'hidden');
  before.add(false, 'hidden');
  before.stop();
  const after = new Desk(desk.storage);
  after.clock = desk.clock + 60_000;
  after.open();
  await after.settled();
  expect(after.taken.map((report) => [report.sequence, report.ago])).toEqual([
    [1, 60_000],
    [2, 60_000],
  ]);
});

test('what the server refuses for good is not sent again', async () => {
  const desk = new Desk();
  desk.refuse = new ApiError(400, 'invalid', '');
  desk.open().add(true, 'blur');
  await desk.settled();
  expect(desk.taken).toEqual([]);
});

test('numbers go on from what the server has, where this device has forgotten', async () => {
  const desk = new Desk();
  desk.known = 41;
  desk.open().add(true, 'screen');
  await desk.settled();
  expect(desk.taken[0]?.sequence).toBe(42);
});

test('a clock that was wrong never tells of the future', async () => {
  const desk = new Desk();
  desk.refuse = new NetworkError('offline');
  desk.open().add(true, 'blur');
  const after = new Desk(desk.storage);
  after.clock = desk.clock - 50_000;
  after.open();
  await after.settled();
  expect(after.taken[0]?.ago).toBe(0);
});
