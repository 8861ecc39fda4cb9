import { ApiError } from '../api/errors';
import type { Plan, PlannedCapture, Upload } from '../api/types';
import { backoff } from '../backoff';
import type { ServerClock } from '../clock';
import { deviceStore, loadJson, saveJson, type KeyValueStore } from '../storage';

/** A capture that is this late is not the moment that was asked for. */
const TOO_LATE_MS = 3_000;
/** The server's forms are valid for so long after the end of their capture. */
const FORM_VALID_MS = 60_000;
/** The longest that a timer is trusted: a sleeping computer stops them. */
const MAX_TIMER_MS = 30_000;

export interface PlanStore {
  load(): Plan | null;
  save(plan: Plan): void;
}

export interface PlanOptions {
  clock: Pick<ServerClock, 'now'>;
  fetchPlan: () => Promise<Plan>;
  /** Take the picture or the clip; null where device or moment do not allow it. */
  capture: (capture: PlannedCapture) => Promise<Blob | null>;
  /** Upload it; `patienceMs` is how long its form is valid. */
  send: (form: Upload, file: Blob, patienceMs: number) => Promise<boolean>;
  /** The API itself gave no plan: the session may stand elsewhere by now. */
  onRefused?: () => void;
  /** A capture is on the server, or is not. */
  onDone?: (capture: PlannedCapture, uploaded: boolean) => void;
  /** Keeps the plan over a reload: its moments are not planned twice. */
  store?: PlanStore;
  random?: () => number;
}

export interface PlanRunner {
  start(): void;
  stop(): void;
}

/**
 * Carry out the server's capture plans, one window after another, until it is stopped. Whatever
 * answers instead of a plan, the next is asked for: whoever runs this knows when none is wanted.
 */
export function createPlanRunner(options: PlanOptions): PlanRunner {
  const { clock } = options;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let running = false;
  let failures = 0;

  /** Act at a moment of the server's clock, which may be set right meanwhile. */
  function runAt(moment: number, act: () => void): void {
    const remaining = moment - clock.now();
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        if (moment - clock.now() > 5) runAt(moment, act);
        else act();
      },
      Math.min(Math.max(remaining, 0), MAX_TIMER_MS),
    );
    timers.add(timer);
  }

  async function fetchNext(): Promise<void> {
    try {
      const plan = await options.fetchPlan();
      failures = 0;
      if (running) schedule(plan);
    } catch (error) {
      if (!running) return;
      runAt(
        clock.now() + backoff(failures++, options.random, 1_000, 15_000),
        () => void fetchNext(),
      );
      if (error instanceof ApiError) options.onRefused?.();
    }
  }

  function schedule(plan: Plan): void {
    options.store?.save(plan);
    for (const capture of plan.captures) {
      if (capture.due_at > clock.now() - TOO_LATE_MS)
        runAt(capture.due_at, () => void execute(capture));
    }
    runAt(plan.next_at, () => void fetchNext());
  }

  async function execute(capture: PlannedCapture): Promise<void> {
    if (clock.now() - capture.due_at > TOO_LATE_MS) return;
    const file = await options.capture(capture).catch(() => null);
    const patience = capture.due_at + capture.length + FORM_VALID_MS - clock.now();
    const uploaded =
      file !== null && running && (await options.send(capture.upload, file, patience));
    if (running) options.onDone?.(capture, uploaded);
  }

  return {
    start() {
      if (running) return;
      running = true;
      failures = 0;
      const plan = options.store?.load();
      if (plan && plan.next_at > clock.now()) schedule(plan);
      else void fetchNext();
    },
    stop() {
      running = false;
      timers.forEach(clearTimeout);
      timers.clear();
    },
  };
}

/** Keep a session's plan in the browser. */
export function createPlanStore(name: string, store: KeyValueStore = deviceStore): PlanStore {
  return {
    load: () => loadJson(store, name) as Plan | null,
    save: (plan) => saveJson(store, name, plan),
  };
}
