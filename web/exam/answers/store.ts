import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Paper } from '../../shared/api/types';
import { within } from '../../shared/backoff';
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
  savePaper(sessionId: string, paper: Paper): Promise<void>;
  /** A picture of the paper; its address is good for minutes only. */
  picture(sessionId: string, pictureId: string): Promise<Blob | undefined>;
  savePicture(sessionId: string, pictureId: string, picture: Blob): Promise<void>;
  /** Remove everything of a session from this device. */
  deleteSession(sessionId: string): Promise<void>;
}

interface Tables extends DBSchema {
  answers: { key: [string, string]; value: LocalAnswer; indexes: { session: string } };
  papers: { key: string; value: Paper };
  pictures: { key: [string, string]; value: Blob };
}

type Database = IDBPDatabase<Tables>;

/**
 * Open the browser's database; where it stores nothing, keep answers in memory.
 * `onReopened` is called after the database had to be reopened: it may be empty.
 */
export async function openAnswerStore(
  onReopened: () => void = () => undefined,
  name = 'invigil',
): Promise<AnswerStore> {
  try {
    const use = await within(
      reopening(() => open(name), onReopened),
      OPEN_MS,
    );
    return use ? browserStore(use) : pageMemory;
  } catch {
    return pageMemory;
  }
}

/** A database that does not open by then, as one that another program holds, is not waited for. */
const OPEN_MS = 10_000;

function open(name: string): Promise<Database> {
  return openDB<Tables>(name, 2, {
    upgrade(database, from) {
      if (from < 1) {
        const answers = database.createObjectStore('answers', {
          keyPath: ['sessionId', 'questionId'],
        });
        answers.createIndex('session', 'sessionId');
        database.createObjectStore('papers');
      }
      database.createObjectStore('pictures');
    },
    // A newer page in another tab wants to change the tables, or somebody wipes them: let them.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

type Use = <Result>(work: (database: Database) => Promise<Result>) => Promise<Result>;

/** Use a database that may be closed or wiped meanwhile: it is opened again, once each time. */
async function reopening(reopen: () => Promise<Database>, onReopened: () => void): Promise<Use> {
  let database = await reopen();
  return async (work) => {
    try {
      return await work(database);
    } catch {
      database = await reopen();
      const result = await work(database);
      onReopened();
      return result;
    }
  };
}

function browserStore(use: Use): AnswerStore {
  return {
    all: (sessionId) =>
      use((database) => database.getAllFromIndex('answers', 'session', sessionId)),
    change: (sessionId, questionId, update) =>
      use(async (database) => {
        // Strict: the promise resolves only when the answer would survive a power cut.
        const work = database.transaction('answers', 'readwrite', { durability: 'strict' });
        const next = update(await work.store.get([sessionId, questionId]));
        await Promise.all([work.store.put(next), work.done]);
        return next;
      }),
    paper: (sessionId) => use((database) => database.get('papers', sessionId)),
    savePaper: (sessionId, paper) =>
      use(async (database) => {
        await database.put('papers', paper, sessionId);
      }),
    picture: (sessionId, pictureId) =>
      use((database) => database.get('pictures', [sessionId, pictureId])),
    savePicture: (sessionId, pictureId, picture) =>
      use(async (database) => {
        await database.put('pictures', picture, [sessionId, pictureId]);
      }),
    deleteSession: (sessionId) => use((database) => deleteSession(database, sessionId)),
  };
}

async function deleteSession(database: Database, sessionId: string): Promise<void> {
  const work = database.transaction(['answers', 'papers', 'pictures'], 'readwrite');
  const answers = work.objectStore('answers');
  const keys = await answers.index('session').getAllKeys(sessionId);
  await Promise.all([
    ...keys.map((key) => answers.delete(key)),
    work.objectStore('papers').delete(sessionId),
    work.objectStore('pictures').delete(IDBKeyRange.bound([sessionId], [sessionId, []])),
    work.done,
  ]);
}

/** Answers in memory: for browsers that store nothing, and for tests. */
export function memoryStore(): AnswerStore {
  const answers = new Map<string, LocalAnswer>();
  const papers = new Map<string, Paper>();
  const pictures = new Map<string, Blob>();
  const keyOf = (sessionId: string, id: string) => `${sessionId}/${id}`;
  const ofSession = (sessionId: string) =>
    [...answers.values()].filter((answer) => answer.sessionId === sessionId);
  return {
    all: (sessionId) => Promise.resolve(ofSession(sessionId)),
    change(sessionId, questionId, update) {
      const key = keyOf(sessionId, questionId);
      const next = update(answers.get(key));
      answers.set(key, next);
      return Promise.resolve(next);
    },
    paper: (sessionId) => Promise.resolve(papers.get(sessionId)),
    savePaper(sessionId, paper) {
      papers.set(sessionId, paper);
      return Promise.resolve();
    },
    picture: (sessionId, pictureId) => Promise.resolve(pictures.get(keyOf(sessionId, pictureId))),
    savePicture(sessionId, pictureId, picture) {
      pictures.set(keyOf(sessionId, pictureId), picture);
      return Promise.resolve();
    },
    deleteSession(sessionId) {
      [...pictures.keys()]
        .filter((key) => key.startsWith(`${sessionId}/`))
        .forEach((key) => pictures.delete(key));
      ofSession(sessionId).forEach((answer) => answers.delete(keyOf(sessionId, answer.questionId)));
      papers.delete(sessionId);
      return Promise.resolve();
    },
  };
}

/** One for the whole page: whoever opens the store finds what the others put there. */
const pageMemory = memoryStore();
