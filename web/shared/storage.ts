/**
 * What a page keeps on this device. A browser may refuse (all cookies blocked, storage full): the
 * page then remembers for as long as it is open. Nothing else touches the browser's storage.
 */
export interface KeyValueStore {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
  /** Whether the browser keeps what is set, so that a reload finds it again. */
  isPersistent(): boolean;
}

const PROBE = 'invigil.probe';

/** Create a store over the browser's; `open` may throw, as the browser's own properties do. */
export function createStore(open: () => Storage): KeyValueStore {
  /** What the browser did not take; null where it still holds something that was removed. */
  const memory = new Map<string, string | null>();

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
        memory.delete(name);
      },
      () => void memory.set(name, value),
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

/* eslint-disable no-restricted-globals -- the one place that may use the browser's storage */
/** Kept on this device, for all tabs. */
export const deviceStore = createStore(() => localStorage);
/** Kept as long as this tab. */
export const tabStore = createStore(() => sessionStorage);
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
