import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { within } from '../backoff';
import type { Gap, Segment, Track } from './model';

/** Where segments wait on this device until they are acknowledged: over a reload, and a killed tab. */
export interface SegmentStore {
  /** The session's segments without their files, oldest first. */
  list(sessionId: string): Promise<Segment[]>;
  /** Throws where there is no room for it. */
  add(segment: Segment, file: Blob): Promise<void>;
  file(segment: Segment): Promise<Blob | undefined>;
  /** Replace a segment's form. */
  update(segment: Segment): Promise<void>;
  remove(segment: Segment): Promise<void>;
  journal(sessionId: string): Promise<Journal>;
  saveJournal(sessionId: string, journal: Journal): Promise<void>;
  /** Delete what other sessions have left on this device before a moment. */
  prune(sessionId: string, before: number): Promise<void>;
  /** Delete everything of a session. */
  deleteSession(sessionId: string): Promise<void>;
}

/** What a page that goes on after a reload has to know. */
export interface Journal {
  /** Until when each track was recorded, or told as a gap. */
  until: Partial<Record<Track, number>>;
  /** Gaps that the server has not been told yet. */
  gaps: Gap[];
}

interface Tables extends DBSchema {
  segments: { key: [string, string, string]; value: Segment };
  files: { key: [string, string, string]; value: Blob };
  journals: { key: string; value: Journal };
}

type Database = IDBPDatabase<Tables>;

const OPEN_MS = 10_000;
const NAME = 'invigil-recordings';
const EMPTY: Journal = { until: {}, gaps: [] };

const keyOf = (segment: Segment): [string, string, string] => [
  segment.sessionId,
  segment.segment_id,
  segment.track,
];
const ofSession = (sessionId: string) => IDBKeyRange.bound([sessionId], [sessionId, []]);
export const byTime = (segment: Segment, other: Segment) => segment.began_at - other.began_at;

/** Open the browser's database; where it keeps nothing, segments wait in memory. */
export async function openSegmentStore(name = NAME): Promise<SegmentStore> {
  try {
    const database = await within(open(name), OPEN_MS);
    return database ? browserStore(database) : memorySegmentStore();
  } catch {
    return memorySegmentStore();
  }
}

function open(name: string): Promise<Database> {
  return openDB<Tables>(name, 1, {
    upgrade(database) {
      database.createObjectStore('segments');
      database.createObjectStore('files');
      database.createObjectStore('journals');
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

function browserStore(database: Database): SegmentStore {
  async function removeKeys(keys: readonly [string, string, string][]): Promise<void> {
    const work = database.transaction(['segments', 'files'], 'readwrite');
    await Promise.all([
      ...keys.flatMap((key) => [
        work.objectStore('segments').delete(key),
        work.objectStore('files').delete(key),
      ]),
      work.done,
    ]);
  }

  return {
    list: async (sessionId) =>
      (await database.getAll('segments', ofSession(sessionId))).sort(byTime),
    async add(segment, file) {
      const work = database.transaction(['segments', 'files'], 'readwrite');
      await Promise.all([
        work.objectStore('segments').put(segment, keyOf(segment)),
        work.objectStore('files').put(file, keyOf(segment)),
        work.done,
      ]);
    },
    file: (segment) => database.get('files', keyOf(segment)),
    async update(segment) {
      await database.put('segments', segment, keyOf(segment));
    },
    remove: (segment) => removeKeys([keyOf(segment)]),
    journal: async (sessionId) => (await database.get('journals', sessionId)) ?? EMPTY,
    async saveJournal(sessionId, journal) {
      await database.put('journals', journal, sessionId);
    },
    async prune(sessionId, before) {
      const old = (await database.getAll('segments')).filter(
        (segment) => segment.sessionId !== sessionId && segment.ended_at < before,
      );
      await removeKeys(old.map(keyOf));
    },
    async deleteSession(sessionId) {
      await removeKeys(await database.getAllKeys('segments', ofSession(sessionId)));
      await database.delete('journals', sessionId);
    },
  };
}

/** Segments in memory: for browsers that keep nothing, and for tests. */
export function memorySegmentStore(): SegmentStore {
  const kept = new Map<string, { segment: Segment; file: Blob }>();
  const journals = new Map<string, Journal>();
  const nameOf = (segment: Segment) => keyOf(segment).join('/');
  const removeWhere = (condition: (segment: Segment) => boolean) => {
    for (const [name, { segment }] of kept) if (condition(segment)) kept.delete(name);
    return Promise.resolve();
  };
  return {
    list: (sessionId) =>
      Promise.resolve(
        [...kept.values()]
          .map(({ segment }) => segment)
          .filter((segment) => segment.sessionId === sessionId)
          .sort(byTime),
      ),
    add(segment, file) {
      kept.set(nameOf(segment), { segment, file });
      return Promise.resolve();
    },
    file: (segment) => Promise.resolve(kept.get(nameOf(segment))?.file),
    update(segment) {
      const entry = kept.get(nameOf(segment));
      if (entry) kept.set(nameOf(segment), { ...entry, segment });
      return Promise.resolve();
    },
    remove(segment) {
      kept.delete(nameOf(segment));
      return Promise.resolve();
    },
    journal: (sessionId) => Promise.resolve(journals.get(sessionId) ?? EMPTY),
    saveJournal(sessionId, journal) {
      journals.set(sessionId, journal);
      return Promise.resolve();
    },
    prune: (sessionId, before) =>
      removeWhere((segment) => segment.sessionId !== sessionId && segment.ended_at < before),
    deleteSession(sessionId) {
      journals.delete(sessionId);
      return removeWhere((segment) => segment.sessionId === sessionId);
    },
  };
}
