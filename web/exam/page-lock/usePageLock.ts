import { computed, inject, onScopeDispose, ref, watch, type InjectionKey } from 'vue';
import type { Why } from '../../shared/api/types';
import type { ExamSession } from '../session/session';
import { guardPage } from './inputGuards';
import { createReports, type LockReport, type Reports } from './exitReports';
import { canFill, watchSigns, type Signs } from './focusSignals';

/** What stands over the questions: the way in, or what happened. */
export type Cover = { kind: 'enter' } | { kind: 'left'; why: Why };

interface KeyboardLock {
  keyboard?: { lock?: () => Promise<void>; unlock?: () => void };
}

/** The signs of somebody who is not there, also while there is nothing to see. */
const PRESENCE: ReadonlySet<Why> = new Set<Why>(['hidden', 'blur']);

const KEY: InjectionKey<Lock> = Symbol('lock');
export { KEY as LOCK };

/** In a component: what holds the screen. */
export function useLock(): Lock {
  const found = inject(KEY);
  if (!found) throw new Error('no lock was provided');
  return found;
}

/** Fill the screen; needs a click or a key of the person. Never throws. */
async function fill(): Promise<void> {
  if (!canFill() || document.fullscreenElement) return;
  try {
    await document.documentElement.requestFullscreen({ navigationUI: 'hide' });
    // Where it exists, keys that would switch away stay with the page while it fills the screen.
    await (navigator as KeyboardLock).keyboard?.lock?.();
  } catch {
    // The cover stays, with its button.
  }
}

/** Hold the screen while answering, as the subject's rule says; made once for the page. */
export function createLock(exam: ExamSession) {
  const { session, clock } = exam;
  const rule = computed(() => session.value?.lock ?? null);
  /** Safe Exam Browser holds the screen by itself; where it is required, there is nothing without. */
  const elsewhere = computed(
    () => exam.sealed.value || session.value?.subject.safe_browser === 'required',
  );
  const wanted = computed(() => rule.value?.on === true && !elsewhere.value);
  const answering = computed(() => session.value?.state === 'answering');
  const holding = computed(() => {
    const held = answering.value || session.value?.state === 'paused';
    return wanted.value && held ? session.value?.session_id : undefined;
  });
  const cover = ref<Cover | null>(null);
  /** Signs that still hold, so that the way back is not open yet. */
  const still = ref<Why[]>([]);
  const waiting = ref<readonly LockReport[]>([]);
  const count = computed(
    () =>
      (rule.value?.count ?? 0) +
      waiting.value.filter((report) => report.away && unseen(report)).length,
  );
  const unseen = (report: LockReport) => report.sequence > (rule.value?.sequence ?? 0);
  let signs: Signs | null = null;
  let reports: Reports | null = null;
  /** Runs while a leave may still be forgiven. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reported: Why | null = null;
  /** The person has not said yet that they are back. */
  let owed = false;

  function show(next: Cover | null): void {
    // At once, before anything is drawn: the style sheet hides the questions.
    if (next) document.documentElement.dataset.covered = next.kind;
    else delete document.documentElement.dataset.covered;
    cover.value = next;
  }

  function look(): void {
    // While paused there are no questions to hold the screen for: only who is there matters.
    const found = (signs?.now() ?? []).filter((why) => answering.value || PRESENCE.has(why));
    still.value = found;
    const [why] = found;
    if (why && timer === undefined && reported === null && answering.value) left(why);
    else if (!why && timer !== undefined) forgive();
    else if (!why) back();
  }

  function left(why: Why): void {
    show({ kind: 'left', why });
    timer = setTimeout(report, rule.value?.forgiven ?? 0);
  }

  function report(): void {
    timer = undefined;
    const [why] = still.value;
    if (!why) return;
    reported = why;
    owed = true;
    show({ kind: 'left', why });
    reports?.add(true, why);
  }

  /** It was short: a pop-up of the system. Nothing is told, and the questions are there again. */
  function forgive(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!owed) show(needsEntering() ? { kind: 'enter' } : null);
  }

  function back(): void {
    if (reported) reports?.add(false, reported);
    reported = null;
  }

  const needsEntering = () => canFill() && !document.fullscreenElement;

  /** The person's click: fill the screen, and show the questions if nothing stands against it. */
  async function enter(): Promise<void> {
    if (!wanted.value) return;
    await fill();
    if (!signs || needsEntering()) return;
    signs.settle();
    look();
    if (still.value.length > 0) return;
    owed = false;
    show(null);
  }

  function hold(sessionId: string): () => void {
    const told = createReports({
      name: `invigil.lock.${sessionId}`,
      now: () => clock.now(),
      known: () => rule.value?.sequence ?? 0,
      send: (body) =>
        exam.act((api) => api.ask((client) => client.POST('/candidate/lock', { body }))),
      onChange: (now) => (waiting.value = now),
    });
    reports = told;
    signs = watchSigns(look);
    const free = guardPage();
    return () => {
      free();
      signs?.stop();
      told.stop();
      signs = null;
      reports = null;
      reported = null;
    };
  }

  /** The questions are there, or gone: begin with what the screen looks like now. */
  function begin(): void {
    clearTimeout(timer);
    timer = undefined;
    owed = false;
    signs?.settle();
    show(holding.value && answering.value && needsEntering() ? { kind: 'enter' } : null);
    look();
  }

  watch(
    holding,
    (sessionId, _, onCleanup) => {
      if (sessionId) onCleanup(hold(sessionId));
    },
    { immediate: true, flush: 'sync' },
  );
  watch([holding, answering], begin, { immediate: true, flush: 'sync' });
  watch(
    () => holding.value === undefined,
    (free) => {
      // The screen is the person's own again.
      if (free && document.fullscreenElement) void document.exitFullscreen();
    },
  );
  onScopeDispose(() => show(null));
  return { rule, wanted, cover, still, count, enter };
}

export type Lock = ReturnType<typeof createLock>;
