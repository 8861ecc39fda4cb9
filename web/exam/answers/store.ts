import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Paper } from '../../shared/api/types';
import type { LocalAnswer } from './model';

/** Where answers live on this device. A change is atomic, also between two tabs. */
export interface AnswerStore {
  all(sessionId: string): Promise<LocalAnswer[]>;
  /** Replace one answer by what `update` makes of it; returns the new one. */
  change(
    sessionId: string,
    questionId: string,
    update: (old?: LocalAnswer) => LocalAnswer,
  ): Promise<LocalAnswer>;
  /** The paper, so that a reload without network can go on. */
  paper(sessionId: string): Promise<Paper | undefined>;
  keepPaper(sessionId: string, paper: Paper): Promise<void>;
  /** Remove everything of a session from this device. */
  forget(sessionId: string): Promise<void>;
}

interface Tables extends DBSchema {
  answers: { key: [string, string]; value: LocalAnswer; indexes: { session: string } };
  papers: { key: string; value: Paper };
}

/** Open the browser's database; where it stores nothing, keep answers in memory. */
export async function openAnswerStore(name = 'invigil'): Promise<AnswerStore> {
  try {
    return browserStore(await open(name));
  } catch {
    return memoryStore();
  }
}

function open(name: string): Promise<IDBPDatabase<Tables>> {
  return openDB<Tables>(name, 1, {
    upgrade(database) {
      const answers = database.createObjectStore('answers', {
        keyPath: ['sessionId', 'questionId'],
      });
      answers.createIndex('session', 'sessionId');
      database.createObjectStore('papers');
    },
  });
}

function browserStore(database: IDBPDatabase<Tables>): AnswerStore {
  return {
    all: (sessionId) => database.getAllFromIndex('answers', 'session', sessionId),
    async change(sessionId, questionId, update) {
      // Strict: the promise resolves only when the answer would survive a power cut.
      const work = database.transaction('answers', 'readwrite', { durability: 'strict' });
      const next = update(await work.store.get([sessionId, questionId]));
      await Promise.all([work.store.put(next), work.done]);
      return next;
    },
    paper: (sessionId) => database.get('papers', sessionId),
    async keepPaper(sessionId, paper) {
      await database.put('papers', paper, sessionId);
    },
    async forget(sessionId) {
      const work = database.transaction(['answers', 'papers'], 'readwrite');
      const answers = work.objectStore('answers');
      const keys = await answers.index('session').getAllKeys(sessionId);
      await Promise.all([
        ...keys.map((key) => answers.delete(key)),
        work.objectStore('papers').delete(sessionId),
        work.done,
      ]);
    },
  };
}

/** Answers in memory: for browsers that store nothing, and for tests. */
export function memoryStore(): AnswerStore {
  const answers = new Map<string, LocalAnswer>();
  const papers = new Map<string, Paper>();
  const keyOf = (sessionId: string, questionId: string) => `${sessionId}/${questionId}`;
  const ofSession = (sessionId: string) =>
    [...answers.values()].filter((one) => one.sessionId === sessionId);
  return {
    all: (sessionId) => Promise.resolve(ofSession(sessionId)),
    change(sessionId, questionId, update) {
      const key = keyOf(sessionId, questionId);
      const next = update(answers.get(key));
      answers.set(key, next);
      return Promise.resolve(next);
    },
    paper: (sessionId) => Promise.resolve(papers.get(sessionId)),
    keepPaper(sessionId, paper) {
      papers.set(sessionId, paper);
      return Promise.resolve();
    },
    forget(sessionId) {
      ofSession(sessionId).forEach((one) => answers.delete(keyOf(sessionId, one.questionId)));
      papers.delete(sessionId);
      return Promise.resolve();
    },
  };
}
