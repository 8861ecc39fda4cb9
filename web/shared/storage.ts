/**
 * What a page keeps on this device. A browser may refuse (all cookies blocked, storage full): the
 * page then remembers as long as its tab is open, over a reload too. Nothing else touches the
 * browser's storage.
 */
export interface KeyValueStore {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
  /** Whether the browser keeps what is set, so that another tab finds it again. */
  isPersistent(): boolean;
}

/** Values of which the browser keeps none; null where it still holds one that was removed. */
export type Values = Readonly<Record<string, string | null>>;

/** Where a page remembers them for as long as its tab is open. */
export interface TabMemory {
  load(): Values;
  save(values: Values): void;
}

const PROBE = 'invigil.probe';
const FORGETFUL: TabMemory = { load: () => ({}), save: () => undefined };

/** Create a store over the browser's; `open` may throw, as the browser's own properties do. */
export function createStore(open: () => Storage, tab: TabMemory = FORGETFUL): KeyValueStore {
  const memory = new Map<string, string | null>(Object.entries(tab.load()));

  function remember(change: () => unknown): void {
    if (change() !== false) tab.save(Object.fromEntries(memory));
  }

  function attempt<Result>(use: (storage: Storage) => Result, otherwise: () => Result): Result {
    try {
      return use(open());
    } catch {
      return otherwise();
    }
  }

  function write(name: string, value: string | null): void {
    attempt(
      (storage) => {
        if (value === null) storage.removeItem(name);
        else storage.setItem(name, value);
        remember(() => memory.delete(name));
      },
      () => remember(() => memory.set(name, value)),
    );
  }

  return {
    get(name) {
      const kept = memory.get(name);
      if (kept !== undefined) return kept;
      return attempt(
        (storage) => storage.getItem(name),
        () => null,
      );
    },
    set: write,
    remove: (name) => write(name, null),
    isPersistent: () =>
      attempt(
        (storage) => {
          storage.setItem(PROBE, '1');
          storage.removeItem(PROBE);
          return true;
        },
        () => false,
      ),
  };
}

const HISTORY_KEY = 'invigil';

/**
 * The tab's own entry of its history: it outlives a reload, needs no storage, and ends with the tab.
 * Whoever replaces the entry's address keeps its state.
 */
function historyEntry(name: string): TabMemory {
  const all = () => (history.state as Record<string, Record<string, Values>> | null) ?? {};
  return {
    load() {
      try {
        return all()[HISTORY_KEY]?.[name] ?? {};
      } catch {
        return {};
      }
    },
    save(values) {
      try {
        const kept = { ...all()[HISTORY_KEY], [name]: values };
        history.replaceState({ ...all(), [HISTORY_KEY]: kept }, '');
      } catch {
        // Browsers limit how often: the next change brings this one too.
      }
    },
  };
}

/* eslint-disable no-restricted-globals -- the one place that may use the browser's storage */
/** Kept on this device, for all tabs. */
export const deviceStore = createStore(() => localStorage, historyEntry('device'));
/** Kept as long as this tab. */
export const tabStore = createStore(() => sessionStorage, historyEntry('tab'));
/* eslint-enable no-restricted-globals */

/** Return what was saved as JSON, or null where there is nothing, or nothing that can be read. */
export function loadJson(store: Pick<KeyValueStore, 'get'>, name: string): unknown {
  try {
    return JSON.parse(store.get(name) ?? 'null');
  } catch {
    return null;
  }
}

/** Save a value as JSON; null removes it. */
export function saveJson(
  store: Pick<KeyValueStore, 'set' | 'remove'>,
  name: string,
  value: unknown,
): void {
  if (value === null) store.remove(name);
  else store.set(name, JSON.stringify(value));
}
