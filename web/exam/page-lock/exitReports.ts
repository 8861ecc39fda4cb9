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
  /** Why the server did not take a report that it should have taken, in the person's language. */
  onRefused?: (reason: string) => void;
  store?: Pick<KeyValueStore, 'get' | 'set' | 'remove'>;
}

/** A report that the server will never take, and why. */
interface RefusedReport extends ExitReport {
  reason: string;
}

interface StoredReports {
  last: number;
  waiting: ExitReport[];
  refused?: RefusedReport[];
}

const MAX_AGO = 86_400_000;
const MAX_REFUSED = 20;
/** Not signed in: the person signs in again, and the reports go on. */
const SIGNED_OUT = 401;
/** The session takes no reports any more. */
const OVER = 409;

/**
 * Exit reports still to be sent: in order, across reloads and without a network.
 *
 * A session that is over takes those of what happened before, for a while. A report that is refused for another reason is kept
 * beside the others, and told: it is the page's fault or somebody's hand, never nothing.
 */
export function createExitReports(options: ExitReportOptions) {
  const { name, now, serverSequence, send, onChange, onRefused, store = deviceStore } = options;
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
    persist({ ...stored, last: sequence, waiting: [...stored.waiting, report] });
    void sendPending();
  }

  function keepRefused(report: ExitReport, reason: string): void {
    const refused = [...(stored.refused ?? []), { ...report, reason }].slice(-MAX_REFUSED);
    persist({ ...stored, refused });
    onRefused?.(reason);
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
        if (!(error instanceof ApiError) || error.retryable || error.status === SIGNED_OUT) {
          failures += 1;
          await sleep(backoff(failures), abort.signal).catch(() => undefined);
          continue;
        }
        if (error.status !== OVER) keepRefused(first, error.sentence);
      }
      persist({ ...stored, waiting: stored.waiting.filter((report) => report !== first) });
    }
    sending = false;
  }

  onChange(stored.waiting);
  const lastRefused = stored.refused?.at(-1);
  if (lastRefused) onRefused?.(lastRefused.reason);
  void sendPending();
  return { add, stop: () => abort.abort() };
}

export type ExitReports = ReturnType<typeof createExitReports>;
