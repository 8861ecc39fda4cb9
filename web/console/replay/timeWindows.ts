/**
 * What a long sitting holds, a few minutes at a time: read when the replay comes there, let go when
 * it has left. No more than four windows are kept.
 */
const MAX_WINDOWS = 4;
/** Signed addresses end after 15 minutes. */
const MAX_AGE_MS = 10 * 60_000;
const RETRY_MS = 5_000;
/** More pages than any window has. */
const MAX_PAGES = 4;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** What the next page comes before; null after the last one. */
  readonly before: string | null;
}

interface Options<Item, Window> {
  readonly windowMs: number;
  /** A window also holds what came so long before it: it may still stand at its beginning. */
  readonly overlapMs: number;
  /** So long after its moment an item has usually arrived. */
  readonly arrivalMs: number;
  /** A window that is still growing is read again at most so often. */
  readonly growingMs: number;
  /** A page, newest first, from before an id; a time sorts as an id of that time. */
  readonly readPage: (before: string) => Promise<Page<Item>>;
  /** The time by which items are ordered. */
  readonly timeOf: (item: Item) => number;
  /** Make a window of its items, oldest first. */
  readonly toWindow: (items: readonly Item[], readAt: number) => Window;
  readonly now: () => number;
  readonly onChange: () => void;
}

/** A window knows when it was read. */
export interface TimeWindow {
  readonly readAt: number;
}

export interface TimeWindows<Window> {
  /** The window of a moment if it has been read. */
  at(moment: number): Window | null;
  /** See to it that a moment's window is read, or read again where it has grown or aged. */
  need(moment: number): void;
  failedAt(moment: number): boolean;
  /** How many windows are kept, for tests. */
  size(): number;
}

export function createTimeWindows<Item, Window extends TimeWindow>(
  options: Options<Item, Window>,
): TimeWindows<Window> {
  const { now } = options;
  /** By number since 1970; the one that was used last stands last. */
  const windows = new Map<number, Window>();
  const failures = new Map<number, number>();
  const reading = new Set<number>();
  const numberOf = (moment: number) => Math.floor(moment / options.windowMs);

  async function read(number: number): Promise<void> {
    reading.add(number);
    const readAt = now();
    try {
      keep(number, options.toWindow(await readItems(options, number), readAt));
      failures.delete(number);
    } catch {
      failures.set(number, readAt);
    } finally {
      reading.delete(number);
      options.onChange();
    }
  }

  function keep(number: number, window: Window): void {
    windows.delete(number);
    windows.set(number, window);
    for (const oldest of windows.keys()) {
      if (windows.size <= MAX_WINDOWS) break;
      windows.delete(oldest);
    }
  }

  function isDue(number: number, moment: number): boolean {
    if (reading.has(number)) return false;
    const failedAt = failures.get(number);
    if (failedAt !== undefined && now() - failedAt < RETRY_MS) return false;
    const window = windows.get(number);
    if (!window) return true;
    const age = now() - window.readAt;
    const mayHaveGrown = moment > window.readAt - options.arrivalMs && age > options.growingMs;
    return mayHaveGrown || age > MAX_AGE_MS;
  }

  return {
    at(moment) {
      return windows.get(numberOf(moment)) ?? null;
    },
    need(moment) {
      const number = numberOf(moment);
      const window = windows.get(number);
      if (window) keep(number, window);
      if (isDue(number, moment)) void read(number);
    },
    failedAt: (moment) => failures.has(numberOf(moment)),
    size: () => windows.size,
  };
}

async function readItems<Item, Window>(
  { windowMs, overlapMs, readPage, timeOf }: Options<Item, Window>,
  number: number,
): Promise<Item[]> {
  const begin = number * windowMs - overlapMs;
  const items: Item[] = [];
  let before: string | null = String((number + 1) * windowMs).padStart(13, '0');
  for (let page = 0; before !== null && page < MAX_PAGES; page++) {
    const { items: found, before: next }: Page<Item> = await readPage(before);
    items.push(...found.filter((item) => timeOf(item) >= begin));
    const oldest = found.at(-1);
    before = oldest !== undefined && timeOf(oldest) >= begin ? next : null;
  }
  return items.sort((a, b) => timeOf(a) - timeOf(b));
}
