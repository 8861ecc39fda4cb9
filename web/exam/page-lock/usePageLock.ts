import { computed, inject, onScopeDispose, ref, watch, type InjectionKey } from 'vue';
import type { ExitSignal } from '../../shared/api/types';
import type { ExamSession } from '../session/session';
import { guardInput } from './inputGuards';
import { createExitReports, type ExitReport, type ExitReports } from './exitReports';
import { watchFocusSignals, type FocusSignals } from './focusSignals';
import { canGoFullscreen, fillScreen, isFullscreen, leaveFullscreen } from './fullscreen';
import { graceFor } from './grace';

/** What covers the questions: the way into full screen, or why the page was left. */
export type Overlay =
  | { kind: 'enter' }
  | {
      kind: 'left';
      why: ExitSignal;
      /** Not counted yet: back in time, it never is. */ forgivable: boolean;
    };

/** So many clicks that did not fill the screen are enough: the browser, or its administrator, will not. */
const MAX_REFUSALS = 2;

/** How long a question of the browser's may stand. */
const EXCUSED_MS = 60_000;

/** Signals of absence; they count even while there are no questions to see. */
const PRESENCE_SIGNALS: ReadonlySet<ExitSignal> = new Set<ExitSignal>(['hidden', 'blur']);

export const PAGE_LOCK: InjectionKey<PageLock> = Symbol('page lock');

/** In a component: the page lock. */
export function usePageLock(): PageLock {
  const lock = inject(PAGE_LOCK);
  if (!lock) throw new Error('no page lock was provided');
  return lock;
}

/** Lock the page while answering, by the subject's rule; created once for the page. */
export function createPageLock(exam: ExamSession) {
  const { session, clock } = exam;
  const rule = computed(() => session.value?.lock ?? null);
  /** Safe Exam Browser locks the screen itself; where it is required, nothing runs without it. */
  const heldBySeb = computed(
    () => exam.sebVerified.value || session.value?.subject.safe_browser === 'required',
  );
  const isRequired = computed(() => rule.value?.on === true && !heldBySeb.value);
  const answering = computed(() => session.value?.state === 'answering');
  const lockedSessionId = computed(() => {
    const inSitting = answering.value || session.value?.state === 'paused';
    return isRequired.value && inSitting ? session.value?.session_id : undefined;
  });
  /** Reports that wait go on being sent after the end: what happened in the sitting counts. */
  const reportedSessionId = computed(() =>
    isRequired.value ? session.value?.session_id : undefined,
  );
  const overlay = ref<Overlay | null>(null);
  /** Signals that are still active, so that the way back is not open yet. */
  const activeSignals = ref<ExitSignal[]>([]);
  const waiting = ref<readonly ExitReport[]>([]);
  /** Why the server did not take a report; null where it took all. */
  const refusal = ref<string | null>(null);
  const count = computed(
    () =>
      (rule.value?.count ?? 0) +
      waiting.value.filter((report) => report.away && isUnconfirmed(report)).length,
  );
  const isUnconfirmed = (report: ExitReport) => report.sequence > (rule.value?.sequence ?? 0);
  let focusSignals: FocusSignals | null = null;
  let currentReports: ExitReports | null = null;
  /** Runs during the grace period of an exit, which ends at `deadline`. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  let deadline = 0;
  let excusedUntil = 0;
  const refusals = ref(0);
  /** Whether the page fills the screen; where the browser cannot or will not, it holds its window. */
  const fillsScreen = computed(() => canGoFullscreen() && refusals.value < MAX_REFUSALS);
  /** The person has read that the exam runs in a window. */
  let hasEntered = false;
  let reportedSignal: ExitSignal | null = null;
  /** The person has not confirmed yet that they are back. */
  let awaitingReturn = false;

  function setOverlay(next: Overlay | null): void {
    // At once, before anything is drawn: the style sheet hides the questions.
    if (next) document.documentElement.dataset.covered = next.kind;
    else delete document.documentElement.dataset.covered;
    overlay.value = next;
  }

  /**
   * The browser's own window, which the page has asked for, takes the focus: for a while that is no
   * exit. Everything else is.
   */
  async function excuse(asking: Promise<unknown>): Promise<void> {
    excusedUntil = clock.local() + EXCUSED_MS;
    await asking.catch(() => undefined);
    excusedUntil = 0;
    checkSignals();
  }

  /** While paused there are no questions to protect: only presence matters. */
  const readSignals = () =>
    (focusSignals?.active() ?? []).filter(
      (why) =>
        (answering.value || PRESENCE_SIGNALS.has(why)) &&
        !(why === 'blur' && clock.local() < excusedUntil),
    );

  function checkSignals(): void {
    const signals = readSignals();
    activeSignals.value = signals;
    const [why] = signals;
    if (why && timer !== undefined) startGrace(signals);
    else if (why && reportedSignal === null && answering.value) onLeft(why, signals);
    else if (!why && timer !== undefined) cancelExit();
    else if (!why) onReturn();
  }

  function onLeft(why: ExitSignal, signals: readonly ExitSignal[]): void {
    setOverlay({ kind: 'left', why, forgivable: true });
    deadline = Infinity;
    startGrace(signals);
  }

  /** Graver signals have less grace: what came first is no excuse for them. */
  function startGrace(signals: readonly ExitSignal[]): void {
    const now = clock.local();
    const next = Math.min(deadline, now + graceFor(signals, rule.value?.forgiven ?? 0));
    if (next === deadline) return;
    deadline = next;
    clearTimeout(timer);
    timer = setTimeout(reportExit, next - now);
  }

  function reportExit(): void {
    timer = undefined;
    // A question of the browser's holds the page: its timers run late, before the focus is told.
    activeSignals.value = readSignals();
    const [why] = activeSignals.value;
    if (!why) {
      cancelExit();
      return;
    }
    reportedSignal = why;
    awaitingReturn = true;
    setOverlay({ kind: 'left', why, forgivable: false });
    currentReports?.add(true, why);
  }

  /** A short exit, such as a system pop-up: nothing is reported, and the questions are shown again. */
  function cancelExit(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!awaitingReturn) setOverlay(needsEntry() ? { kind: 'enter' } : null);
  }

  function onReturn(): void {
    if (reportedSignal) currentReports?.add(false, reportedSignal);
    reportedSignal = null;
  }

  const needsEntry = () => (fillsScreen.value ? !isFullscreen() : !hasEntered);

  /** The person's click: fill the screen, and show the questions if nothing stands against it. */
  async function enter(): Promise<void> {
    if (!isRequired.value) return;
    if (fillsScreen.value && !(await fillScreen())) refusals.value += 1;
    if (!focusSignals || (fillsScreen.value && !isFullscreen())) return;
    hasEntered = true;
    focusSignals.setBaseline();
    checkSignals();
    if (activeSignals.value.length > 0) return;
    awaitingReturn = false;
    setOverlay(null);
  }

  function reportExits(sessionId: string): () => void {
    const exitReports = createExitReports({
      name: `invigil.lock.${sessionId}`,
      now: () => clock.now(),
      serverSequence: () => rule.value?.sequence ?? 0,
      send: (body) =>
        exam.runStep((api) => api.request((client) => client.POST('/candidate/lock', { body }))),
      onChange: (now) => (waiting.value = now),
      onRefused: (reason) => (refusal.value = reason),
    });
    currentReports = exitReports;
    return () => {
      exitReports.stop();
      refusal.value = null;
      currentReports = null;
    };
  }

  function lockPage(): () => void {
    focusSignals = watchFocusSignals(checkSignals);
    const free = guardInput();
    return () => {
      free();
      focusSignals?.stop();
      focusSignals = null;
      reportedSignal = null;
    };
  }

  /** The questions are there, or gone: begin with what the screen looks like now. */
  function reset(): void {
    clearTimeout(timer);
    timer = undefined;
    awaitingReturn = false;
    focusSignals?.setBaseline();
    setOverlay(lockedSessionId.value && answering.value && needsEntry() ? { kind: 'enter' } : null);
    checkSignals();
  }

  watch(
    reportedSessionId,
    (sessionId, _, onCleanup) => {
      if (sessionId) onCleanup(reportExits(sessionId));
    },
    { immediate: true, flush: 'sync' },
  );
  watch(
    lockedSessionId,
    (sessionId, _, onCleanup) => {
      if (sessionId) onCleanup(lockPage());
    },
    { immediate: true, flush: 'sync' },
  );
  watch([lockedSessionId, answering], reset, { immediate: true, flush: 'sync' });
  watch(
    () => lockedSessionId.value === undefined,
    (free) => {
      // The screen is the person's own again.
      if (free) leaveFullscreen();
    },
  );
  onScopeDispose(() => setOverlay(null));
  return {
    rule,
    isRequired,
    overlay,
    activeSignals,
    count,
    fillsScreen,
    refusals,
    refusal,
    enter,
    excuse,
  };
}

export type PageLock = ReturnType<typeof createPageLock>;
