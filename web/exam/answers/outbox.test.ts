import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NetworkError, type ApiError } from '../../shared/api/errors';
import { FakeServer } from './fakes';
import { Outbox } from './outbox';
import { memoryStore, openAnswerStore, type AnswerStore } from './store';

const SESSION = 'session-1';

function createOutbox(server: FakeServer, store: AnswerStore) {
  const blocked: ApiError[] = [];
  const adopted: string[] = [];
  const outbox = new Outbox({
    sessionId: SESSION,
    store,
    api: server,
    onChange: () => undefined,
    onBlocked: (error) => blocked.push(error),
    onAdopted: (questions) => adopted.push(...questions),
    random: () => 0.5,
  });
  return { outbox, blocked, adopted };
}

let server: FakeServer;
let store: AnswerStore;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  store = memoryStore();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Let everything that is due happen, retries included. */
async function settle(): Promise<void> {
  await vi.runAllTimersAsync();
}

describe('a network that fails', () => {
  it('loses none of 1,000 answers and doubles none when every fifth call fails', async () => {
    server.failEvery = 5;
    const { outbox } = createOutbox(server, store);
    await outbox.open([]);
    for (let round = 0; round < 1000; round += 1) {
      await outbox.set(`q${round % 250}`, [`value ${round}`]);
      if (round % 7 === 0) await vi.advanceTimersByTimeAsync(40);
    }
    await settle();

    expect(outbox.unsaved()).toEqual([]);
    expect(server.answers.size).toBe(250);
    for (const [questionId, answer] of server.answers) {
      expect(answer.value).toEqual([`value ${750 + Number(questionId.slice(1))}`]);
      expect(answer.sequence).toBe(4);
    }
    const writes = server.writes.map((answer) => `${answer.question_id}/${answer.sequence}`);
    expect(new Set(writes).size).toBe(writes.length);
    expect(server.mostAtOnce).toBe(1);
  });

  it('saves 1,000 answers to 1,000 questions, each exactly once', async () => {
    server.failEvery = 5;
    const { outbox } = createOutbox(server, store);
    await outbox.open([]);
    for (let number = 0; number < 1000; number += 1) await outbox.set(`q${number}`, [`${number}`]);
    await settle();

    expect(server.writes).toHaveLength(1000);
    expect(outbox.unsaved()).toEqual([]);
    expect(server.calls).toBeGreaterThan(1200);
  });

  it('keeps answers on the device while offline, also over a restart, and sends them later', async () => {
    server.offline = true;
    const first = createOutbox(server, store);
    await first.outbox.open([]);
    await first.outbox.set('q1', ['A']);
    await first.outbox.set('q1', ['B']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(first.outbox.state('q1')).toBe('offline');
    first.outbox.stop();

    server.offline = false;
    const second = createOutbox(server, store);
    await second.outbox.open(await server.read());
    await settle();
    expect(server.answers.get('q1')).toEqual({ question_id: 'q1', sequence: 2, value: ['B'] });
    expect(second.outbox.state('q1')).toBe('saved');
  });

  it('does not hand in quietly: flush names what is not saved', async () => {
    server.offline = true;
    const { outbox } = createOutbox(server, store);
    await outbox.open([]);
    await outbox.set('q1', ['A']);
    const flushing = outbox.flush(8_000);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await flushing).toEqual(['q1']);

    server.offline = false;
    const again = outbox.flush(8_000);
    await vi.advanceTimersByTimeAsync(10);
    expect(await again).toEqual([]);
    outbox.stop();
  });
});

describe('sending', () => {
  it('sends the newest change only, once typing has settled', async () => {
    const { outbox } = createOutbox(server, store);
    await outbox.open([]);
    for (const text of ['你', '你好', '你好，', '你好，世界']) {
      await outbox.set('q1', [text], 600);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(server.calls).toBe(0);
    await settle();
    expect(server.writes).toEqual([{ question_id: 'q1', sequence: 4, value: ['你好，世界'] }]);
  });

  it('puts a refused answer aside and goes on with the others', async () => {
    const { outbox } = createOutbox(server, store);
    await outbox.open([]);
    await outbox.set('q1', ['impossible']);
    await outbox.set('q2', ['A']);
    await settle();
    expect(outbox.state('q1')).toBe('refused');
    expect(outbox.refusal('q1')).toBe('not a choice');
    expect(outbox.state('q2')).toBe('saved');

    await outbox.set('q1', ['A']);
    await settle();
    expect([outbox.unsaved(), outbox.refusal('q1')]).toEqual([[], null]);
  });

  it('tries a refused answer again when the paper is handed in, and waits no longer than needed', async () => {
    const { outbox } = createOutbox(server, store);
    await outbox.open([]);
    await outbox.set('q1', ['impossible']);
    await settle();
    const calls = server.calls;
    const flushing = outbox.flush(60_000);
    await vi.advanceTimersByTimeAsync(100);
    expect(await flushing).toEqual(['q1']);
    expect([server.calls - calls, outbox.state('q1')]).toEqual([1, 'refused']);

    server.refuses = false;
    const again = outbox.flush(60_000);
    await vi.advanceTimersByTimeAsync(100);
    expect(await again).toEqual([]);
    expect(server.answers.get('q1')?.value).toEqual(['impossible']);
  });

  it.each([200, 400, 403, 404, 405, 407, 451, 502])(
    'goes on after a page of something between: %i',
    async (status) => {
      const { outbox, blocked } = createOutbox(server, store);
      await outbox.open([]);
      server.failure = new NetworkError('a page of a firewall', status);
      await outbox.set('q1', ['A']);
      await vi.advanceTimersByTimeAsync(60_000);
      expect([outbox.state('q1'), outbox.unsaved(), blocked]).toEqual(['offline', ['q1'], []]);
      server.failure = null;
      await settle();
      expect([outbox.state('q1'), server.answers.get('q1')?.value]).toEqual(['saved', ['A']]);
    },
  );

  it('holds everything while the server takes no answers, and goes on afterwards', async () => {
    server.open = false;
    const { outbox, blocked } = createOutbox(server, store);
    await outbox.open([]);
    await outbox.set('q1', ['A']);
    await settle();
    expect(blocked.map((error) => error.code)).toEqual(['wrong_state']);
    expect(outbox.unsaved()).toEqual(['q1']);

    server.open = true;
    outbox.resume();
    await settle();
    expect(outbox.unsaved()).toEqual([]);
  });
});

describe('two devices', () => {
  it("adopts the server's newer answer instead of overwriting it", async () => {
    const { outbox, adopted } = createOutbox(server, store);
    await outbox.open([]);
    await outbox.set('q1', ['A']);
    await settle();
    for (const sequence of [2, 3]) await server.save('q1', sequence, ['C']);
    await outbox.set('q1', ['B']);
    await settle();

    expect(adopted).toEqual(['q1']);
    expect(outbox.value('q1')).toEqual(['C']);
    expect(server.answers.get('q1')?.value).toEqual(['C']);

    await outbox.set('q1', ['B']);
    await settle();
    expect(server.answers.get('q1')).toEqual({ question_id: 'q1', sequence: 4, value: ['B'] });
  });

  it('takes the higher sequence when a device and the server are brought together', async () => {
    await store.change(SESSION, 'ahead', () => ({
      sessionId: SESSION,
      questionId: 'ahead',
      sequence: 5,
      value: ['mine'],
      saved: 1,
    }));
    const behind = [
      { question_id: 'ahead', sequence: 4, value: ['theirs'] },
      { question_id: 'new', sequence: 2, value: ['theirs'] },
    ];
    for (const answer of behind) server.answers.set(answer.question_id, answer);
    const { outbox } = createOutbox(server, store);
    await outbox.open(behind);
    await settle();
    expect(outbox.value('ahead')).toEqual(['mine']);
    expect(outbox.value('new')).toEqual(['theirs']);
    expect(server.answers.get('ahead')?.sequence).toBe(5);
  });
});

describe('a store that is wiped or full while the page is open', () => {
  /** A store whose answers are gone, or that refuses every write. */
  function broken(how: 'wiped' | 'full'): AnswerStore {
    if (how === 'full') {
      return { ...memoryStore(), change: () => Promise.reject(new Error('full')) };
    }
    // Each write begins with an empty store.
    return { ...memoryStore(), change: (...change) => memoryStore().change(...change) };
  }

  it.each(['wiped', 'full'] as const)('loses no answer: %s', async (how) => {
    const { outbox } = createOutbox(server, broken(how));
    server.offline = true;
    await outbox.open([]);
    for (const value of ['first', 'second']) await outbox.set('q1', [value]);
    await outbox.set('q2', ['A']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([outbox.state('q1'), outbox.value('q1')]).toEqual(['offline', ['second']]);

    server.offline = false;
    await settle();
    expect(outbox.unsaved()).toEqual([]);
    expect([outbox.value('q1'), outbox.state('q1')]).toEqual([['second'], 'saved']);
    expect(server.answers.get('q1')).toMatchObject({ sequence: 2, value: ['second'] });
    expect(server.answers.get('q2')?.value).toEqual(['A']);
  });
});

describe('the browser’s store', () => {
  it('is opened again after it was deleted under the page', async () => {
    vi.useRealTimers();
    const name = `test-${Math.random()}`;
    const store = await openAnswerStore(undefined, name);
    const answer = { sessionId: 'a', questionId: 'q1', sequence: 1, value: ['A'], saved: 0 };
    await store.change('a', 'q1', () => answer);
    await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve));
    expect(await store.all('a')).toEqual([]);
    await store.change('a', 'q1', (old) => ({ ...answer, sequence: (old?.sequence ?? 0) + 2 }));
    expect(await store.all('a')).toEqual([{ ...answer, sequence: 2 }]);
  });
});

describe('a store that is wiped', () => {
  it('gets back all that the page knows, the unsent too', async () => {
    vi.useRealTimers();
    const name = `test-${Math.random()}`;
    let again = 0;
    const store = await openAnswerStore(() => (again += 1), name);
    const { outbox } = createOutbox(server, store);
    server.offline = true;
    await outbox.open([]);
    await outbox.set('q1', ['A']);
    await outbox.set('q2', ['B']);
    await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve));
    await outbox.set('q3', ['C']);
    expect([again, (await store.all(SESSION)).length]).toEqual([1, 1]);
    await outbox.restore();
    outbox.stop();
    const values = (await store.all(SESSION)).map((answer) => answer.value);
    expect(values).toEqual([['A'], ['B'], ['C']]);
  });
});

describe.each([
  ['in memory', () => Promise.resolve(memoryStore())],
  ['in the browser', () => openAnswerStore(undefined, `test-${Math.random()}`)],
])('answers kept %s', (_, open) => {
  beforeEach(() => {
    vi.useRealTimers();
  });

  it('come back, by session, and can be forgotten', async () => {
    const store = await open();
    const answer = { sessionId: 'a', questionId: 'q1', sequence: 1, value: ['A'], saved: 0 };
    await store.change('a', 'q1', () => answer);
    await store.change('b', 'q1', () => ({ ...answer, sessionId: 'b' }));
    await store.savePaper('a', { questions: [], answers: [] });
    await store.savePicture('a', 'papers/x.png', new Blob(['x']));
    await store.savePicture('b', 'papers/x.png', new Blob(['x']));
    expect(await store.picture('a', 'papers/x.png')).toBeDefined();
    expect(await store.all('a')).toEqual([answer]);
    expect(await store.paper('a')).toEqual({ questions: [], answers: [] });

    await store.deleteSession('a');
    expect(await store.all('a')).toEqual([]);
    expect(await store.paper('a')).toBeUndefined();
    expect(await store.picture('a', 'papers/x.png')).toBeUndefined();
    expect(await store.picture('b', 'papers/x.png')).toBeDefined();
    expect(await store.all('b')).toHaveLength(1);
  });

  it('count on from each other when two tabs change one answer at once', async () => {
    const store = await open();
    const next = (old?: { sequence: number }) => ({
      sessionId: 'a',
      questionId: 'q1',
      sequence: (old?.sequence ?? 0) + 1,
      value: [],
      saved: 0,
    });
    await Promise.all(Array.from({ length: 20 }, () => store.change('a', 'q1', next)));
    expect((await store.all('a'))[0]?.sequence).toBe(20);
  });
});

describe('a count that went astray', () => {
  it('is counted on from what the server has, and no answer is lost', async () => {
    await store.change(SESSION, 'q1', () => ({
      sessionId: SESSION,
      questionId: 'q1',
      sequence: 900_000,
      value: ['mine'],
      saved: 0,
    }));
    server.answers.set('q1', { question_id: 'q1', sequence: 7, value: ['old'] });
    const { outbox } = createOutbox(server, store);
    await outbox.open([]);
    await settle();
    expect(server.answers.get('q1')).toEqual({ question_id: 'q1', sequence: 8, value: ['mine'] });
    expect(outbox.unsaved()).toEqual([]);

    await outbox.set('q1', ['newer']);
    await settle();
    expect(server.answers.get('q1')?.sequence).toBe(9);
  });
});
