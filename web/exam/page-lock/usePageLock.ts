import { computed, inject, onScopeDispose, ref, watch, type InjectionKey } from 'vue';
import type { ExitSignal } from '../../shared/api/types';
import type { ExamSession } from '../session/session';
import { guardInput } from './inputGuards';
import { createExitReports, type ExitReport, type ExitReports } from './exitReports';
import { canGoFullscreen, watchFocusSignals, type FocusSignals } from './focusSignals';

/** What stands over the questions: the way in, or what happened. */
export type Overlay = { kind: 'enter' } | { kind: 'left'; why: ExitSignal };

interface KeyboardLock {
  keyboard?: { lock?: () => Promise<void>; unlock?: () => void };
}

/** The signs of somebody who is not there, also while there is nothing to see. */
const PRESENCE_SIGNALS: ReadonlySet<ExitSignal> = new Set<ExitSignal>(['hidden', 'blur']);

const PAGE_LOCK_KEY: InjectionKey<PageLock> = Symbol('lock');
export { PAGE_LOCK_KEY as LOCK };

/** In a component: what holds the screen. */
export function usePageLock(): PageLock {
  const lock = inject(PAGE_LOCK_KEY);
  if (!lock) throw new Error('no lock was provided');
  return lock;
}

/** Fill the screen; needs a click or a key of the person. Never throws. */
async function requestFullscreen(): Promise<void> {
  if (!canGoFullscreen() || document.fullscreenElement) return;
  try {
    await document.documentElement.requestFullscreen({ navigationUI: 'hide' });
    // Where it exists, keys that would switch away stay with the page while it fills the screen.
    await (navigator as KeyboardLock).keyboard?.lock?.();
  } catch {
    // The cover stays, with its button.
  }
}

/** Hold the screen while answering, as the subject's rule says; made once for the page. */
export function createPageLock(exam: ExamSession) {
  const { session, clock } = exam;
  const rule = computed(() => session.value?.lock ?? null);
  /** Safe Exam Browser holds the screen by itself; where it is required, there is nothing without. */
  const heldBySeb = computed(
    () => exam.sebVerified.value || session.value?.subject.safe_browser === 'required',
  );
  const isRequired = computed(() => rule.value?.on === true && !heldBySeb.value);
  const answering = computed(() => session.value?.state === 'answering');
  const lockedSessionId = computed(() => {
    const inSitting = answering.value || session.value?.state === 'paused';
    return isRequired.value && inSitting ? session.value?.session_id : undefined;
  });
  const overlay = ref<Overlay | null>(null);
  /** Signs that still hold, so that the way back is not open yet. */
  const activeSignals = ref<ExitSignal[]>([]);
  const waiting = ref<readonly ExitReport[]>([]);
  const count = computed(
    () =>
      (rule.value?.count ?? 0) +
      waiting.value.filter((report) => report.away && isUnconfirmed(report)).length,
  );
  const isUnconfirmed = (report: ExitReport) => report.sequence > (rule.value?.sequence ?? 0);
  let focusSignals: FocusSignals | null = null;
  let currentReports: ExitReports | null = null;
  /** Runs while a leave may still be forgiven. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reportedSignal: ExitSignal | null = null;
  /** The person has not said yet that they are back. */
  let awaitingReturn = false;

  function setOverlay(next: Overlay | null): void {
    // At once, before anything is drawn: the style sheet hides the questions.
    if (next) document.documentElement.dataset.covered = next.kind;
    else delete document.documentElement.dataset.covered;
    overlay.value = next;
  }

  function checkSignals(): void {
    // While paused there are no questions to hold the screen for: only who is there matters.
    const signals = (focusSignals?.active() ?? []).filter(
      (why) => answering.value || PRESENCE_SIGNALS.has(why),
    );
    activeSignals.value = signals;
    const [why] = signals;
    if (why && timer === undefined && reportedSignal === null && answering.value) onLeft(why);
    else if (!why && timer !== undefined) cancelExit();
    else if (!why) onReturn();
  }

  function onLeft(why: ExitSignal): void {
    setOverlay({ kind: 'left', why });
    timer = setTimeout(reportExit, rule.value?.forgiven ?? 0);
  }

  function reportExit(): void {
    timer = undefined;
    const [why] = activeSignals.value;
    if (!why) return;
    reportedSignal = why;
    awaitingReturn = true;
    setOverlay({ kind: 'left', why });
    currentReports?.add(true, why);
  }

  /** It was short: a pop-up of the system. Nothing is told, and the questions are there again. */
  function cancelExit(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!awaitingReturn) setOverlay(needsFullscreen() ? { kind: 'enter' } : null);
  }

  function onReturn(): void {
    if (reportedSignal) currentReports?.add(false, reportedSignal);
    reportedSignal = null;
  }

  const needsFullscreen = () => canGoFullscreen() && !document.fullscreenElement;

  /** The person's click: fill the screen, and show the questions if nothing stands against it. */
  async function enter(): Promise<void> {
    if (!isRequired.value) return;
    await requestFullscreen();
    if (!focusSignals || needsFullscreen()) return;
    focusSignals.setBaseline();
    checkSignals();
    if (activeSignals.value.length > 0) return;
    awaitingReturn = false;
    setOverlay(null);
  }

  function lockPage(sessionId: string): () => void {
    const exitReports = createExitReports({
      name: `invigil.lock.${sessionId}`,
      now: () => clock.now(),
      serverSequence: () => rule.value?.sequence ?? 0,
      send: (body) =>
        exam.runStep((api) => api.request((client) => client.POST('/candidate/lock', { body }))),
      onChange: (now) => (waiting.value = now),
    });
    currentReports = exitReports;
    focusSignals = watchFocusSignals(checkSignals);
    const free = guardInput();
    return () => {
      free();
      focusSignals?.stop();
      exitReports.stop();
      focusSignals = null;
      currentReports = null;
      reportedSignal = null;
    };
  }

  /** The questions are there, or gone: begin with what the screen looks like now. */
  function reset(): void {
    clearTimeout(timer);
    timer = undefined;
    awaitingReturn = false;
    focusSignals?.setBaseline();
    setOverlay(
      lockedSessionId.value && answering.value && needsFullscreen() ? { kind: 'enter' } : null,
    );
    checkSignals();
  }

  watch(
    lockedSessionId,
    (sessionId, _, onCleanup) => {
      if (sessionId) onCleanup(lockPage(sessionId));
    },
    { immediate: true, flush: 'sync' },
  );
  watch([lockedSessionId, answering], reset, { immediate: true, flush: 'sync' });
  watch(
    () => lockedSessionId.value === undefined,
    (free) => {
      // The screen is the person's own again.
      if (free && document.fullscreenElement) void document.exitFullscreen();
    },
  );
  onScopeDispose(() => setOverlay(null));
  return { rule, isRequired, overlay, activeSignals, count, enter };
}

export type PageLock = ReturnType<typeof createPageLock>;
