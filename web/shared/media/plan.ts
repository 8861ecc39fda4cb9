import { ApiError } from '../api/errors';
import type { Plan, PlannedCapture, Upload } from '../api/types';
import { backoff } from '../backoff';
import type { ServerClock } from '../clock';

/** A capture that is this late is not the moment that was asked for. */
const TOO_LATE_MS = 3_000;
/** The longest that a timer is trusted: a sleeping computer stops them. */
const LOOK_AGAIN_MS = 30_000;

export interface PlanKeeper {
  load(): Plan | null;
  save(plan: Plan): void;
}

export interface PlanOptions {
  clock: Pick<ServerClock, 'now'>;
  ask: () => Promise<Plan>;
  /** Take the picture or the clip; null where device or moment do not allow it. */
  take: (capture: PlannedCapture) => Promise<Blob | null>;
  send: (form: Upload, file: Blob) => Promise<boolean>;
  /** A capture is on the server, or is not. */
  onDone?: (capture: PlannedCapture, arrived: boolean) => void;
  /** Keeps the plan over a reload: its moments are not planned twice. */
  keeper?: PlanKeeper;
  random?: () => number;
}

export interface PlanRunner {
  start(): void;
  stop(): void;
}

/** Carry out the server's capture plans, one window after another, until it wants no more. */
export function createPlanRunner(options: PlanOptions): PlanRunner {
  const { clock } = options;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let running = false;
  let failures = 0;

  /** Act at a moment of the server's clock, which may be set right meanwhile. */
  function at(moment: number, act: () => void): void {
    const left = moment - clock.now();
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        if (moment - clock.now() > 5) at(moment, act);
        else act();
      },
      Math.min(Math.max(left, 0), LOOK_AGAIN_MS),
    );
    timers.add(timer);
  }

  async function next(): Promise<void> {
    try {
      const plan = await options.ask();
      failures = 0;
      if (running) follow(plan);
    } catch (error) {
      if (running && !isUnwanted(error)) {
        at(clock.now() + backoff(failures++, options.random, 1_000, 15_000), () => void next());
      }
    }
  }

  function follow(plan: Plan): void {
    options.keeper?.save(plan);
    for (const capture of plan.captures) {
      if (capture.due_at > clock.now() - TOO_LATE_MS) at(capture.due_at, () => void carry(capture));
    }
    at(plan.next_at, () => void next());
  }

  async function carry(capture: PlannedCapture): Promise<void> {
    if (clock.now() - capture.due_at > TOO_LATE_MS) return;
    const file = await options.take(capture).catch(() => null);
    const arrived = file !== null && running && (await options.send(capture.upload, file));
    if (running) options.onDone?.(capture, arrived);
  }

  return {
    start() {
      if (running) return;
      running = true;
      failures = 0;
      const kept = options.keeper?.load();
      if (kept && kept.next_at > clock.now()) follow(kept);
      else void next();
    },
    stop() {
      running = false;
      timers.forEach(clearTimeout);
      timers.clear();
    },
  };
}

/** Nothing is to be captured at this stage, or not by this device. */
function isUnwanted(error: unknown): boolean {
  return error instanceof ApiError && !error.passing;
}

/** Keep a session's plan in the browser. */
export function createPlanKeeper(name: string, storage: Storage = localStorage): PlanKeeper {
  return {
    load() {
      try {
        return JSON.parse(storage.getItem(name) ?? 'null') as Plan | null;
      } catch {
        return null;
      }
    },
    save(plan) {
      try {
        storage.setItem(name, JSON.stringify(plan));
      } catch {
        // Without it a reload skips the moments that were planned already; nothing else is lost.
      }
    },
  };
}
