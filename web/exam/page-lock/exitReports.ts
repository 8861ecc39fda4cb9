import { ApiError } from '../../shared/api/errors';
import type { ExitSignal } from '../../shared/api/types';
import { backoff, sleep } from '../../shared/backoff';
import { deviceStore, loadJson, saveJson, type KeyValueStore } from '../../shared/storage';

/** That the page was left, or is back, at a moment of the server's clock. */
export interface ExitReport {
  sequence: number;
  away: boolean;
  why: ExitSignal;
  at: number;
}

export interface ExitReportBody {
  sequence: number;
  away: boolean;
  why: ExitSignal;
  ago: number;
}

export interface ExitReportOptions {
  name: string;
  now: () => number;
  /** The sequence that the server took in last. */
  serverSequence: () => number;
  send: (body: ExitReportBody) => Promise<unknown>;
  onChange: (waiting: readonly ExitReport[]) => void;
  store?: Pick<KeyValueStore, 'get' | 'set' | 'remove'>;
}

interface StoredReports {
  last: number;
  waiting: ExitReport[];
}

const MAX_AGO = 86_400_000;

/** Exit reports still to be sent: in order, across reloads and without a network. */
export function createExitReports(options: ExitReportOptions) {
  const { name, now, serverSequence, send, onChange, store = deviceStore } = options;
  const abort = new AbortController();
  let stored = load();
  let sending = false;

  function load(): StoredReports {
    return (loadJson(store, name) as StoredReports | null) ?? { last: 0, waiting: [] };
  }

  function persist(next: StoredReports): void {
    stored = next;
    saveJson(store, name, next);
    onChange(next.waiting);
  }

  function add(away: boolean, why: ExitSignal): void {
    const sequence = Math.max(load().last, stored.last, serverSequence()) + 1;
    const report = { sequence, away, why, at: now() };
    persist({ last: sequence, waiting: [...stored.waiting, report] });
    void sendPending();
  }

  async function sendPending(): Promise<void> {
    if (sending) return;
    sending = true;
    for (let failures = 0; stored.waiting[0] && !abort.signal.aborted;) {
      const [first] = stored.waiting;
      try {
        const { sequence, away, why, at } = first;
        const ago = Math.min(Math.max(0, now() - at), MAX_AGO);
        await send({ sequence, away, why, ago });
        failures = 0;
      } catch (error) {
        // What the server rejects permanently is not retried.
        if (!(error instanceof ApiError) || error.retryable || error.status === 401) {
          failures += 1;
          await sleep(backoff(failures), abort.signal).catch(() => undefined);
          continue;
        }
      }
      persist({ ...stored, waiting: stored.waiting.filter((report) => report !== first) });
    }
    sending = false;
  }

  onChange(stored.waiting);
  void sendPending();
  return { add, stop: () => abort.abort() };
}

export type ExitReports = ReturnType<typeof createExitReports>;
