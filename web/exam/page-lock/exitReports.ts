import { ApiError } from '../../shared/api/errors';
import type { Why } from '../../shared/api/types';
import { backoff, sleep } from '../../shared/backoff';

/** That the page was left, or is back, at a moment of the server's clock. */
export interface LockReport {
  sequence: number;
  away: boolean;
  why: Why;
  at: number;
}

export interface Body {
  sequence: number;
  away: boolean;
  why: Why;
  ago: number;
}

export interface ReportOptions {
  name: string;
  now: () => number;
  /** The sequence that the server took in last. */
  known: () => number;
  send: (body: Body) => Promise<unknown>;
  onChange: (waiting: readonly LockReport[]) => void;
  storage?: Storage;
}

interface Stored {
  last: number;
  waiting: LockReport[];
}

const LONGEST_AGO = 86_400_000;

/** What still has to be told to the server: in order, over reloads and without a network. */
export function createReports(options: ReportOptions) {
  const { name, now, known, send, onChange, storage = localStorage } = options;
  const over = new AbortController();
  let stored = load();
  let sending = false;

  function load(): Stored {
    try {
      const found = JSON.parse(storage.getItem(name) ?? 'null') as Stored | null;
      return found ?? { last: 0, waiting: [] };
    } catch {
      return { last: 0, waiting: [] };
    }
  }

  function keep(next: Stored): void {
    stored = next;
    try {
      storage.setItem(name, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing tells what it can before a reload.
    }
    onChange(next.waiting);
  }

  function add(away: boolean, why: Why): void {
    const sequence = Math.max(load().last, stored.last, known()) + 1;
    const report = { sequence, away, why, at: now() };
    keep({ last: sequence, waiting: [...stored.waiting, report] });
    void work();
  }

  async function work(): Promise<void> {
    if (sending) return;
    sending = true;
    for (let failures = 0; stored.waiting[0] && !over.signal.aborted;) {
      const [first] = stored.waiting;
      try {
        const { sequence, away, why, at } = first;
        const ago = Math.min(Math.max(0, now() - at), LONGEST_AGO);
        await send({ sequence, away, why, ago });
        failures = 0;
      } catch (error) {
        // What the server refuses for good will not be taken in later either.
        if (!(error instanceof ApiError) || error.passing || error.status === 401) {
          failures += 1;
          await sleep(backoff(failures), over.signal).catch(() => undefined);
          continue;
        }
      }
      keep({ ...stored, waiting: stored.waiting.filter((report) => report !== first) });
    }
    sending = false;
  }

  onChange(stored.waiting);
  void work();
  return { add, stop: () => over.abort() };
}

export type Reports = ReturnType<typeof createReports>;
