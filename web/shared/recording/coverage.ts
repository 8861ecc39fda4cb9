import type { Gap, GapReason, Span, Track } from './model';

/** Segments are cut by timers: less than this between two of them is no gap. */
export const TOLERANCE_MS = 1_500;

/** Which part of a track is recorded; what is not is told as a gap with its reason. */
export interface Coverage {
  /** From this moment on the track should be recorded. */
  expect(from: number): void;
  /** Why nothing is recorded now. */
  note(reason: GapReason): void;
  /** A span was recorded. Spans come in order. */
  cover(span: Span): void;
  /** Nothing is being recorded before `moment` that has not been told as covered. */
  settle(moment: number): void;
  readonly until: number | null;
}

export interface CoverageOptions {
  track: Track;
  /** Until when an earlier page of this session had covered it. */
  until: number | null;
  onGap: (gap: Gap) => void;
  /** The moment to remember over a reload. */
  onProgress: (until: number) => void;
}

export function createCoverage({ track, until, onGap, onProgress }: CoverageOptions): Coverage {
  let covered = until;
  /** What ended an earlier page is not known: a reload, a crash, a closed tab. */
  let reason: GapReason | null = until === null ? null : 'page_closed';

  function advance(to: number): void {
    covered = Math.max(covered ?? to, to);
    onProgress(covered);
  }

  function tell(to: number): void {
    if (covered === null || to - covered <= TOLERANCE_MS) return;
    const gap = { track, began_at: covered, ended_at: to, reason: reason ?? 'recorder_failed' };
    onGap(gap);
  }

  return {
    expect: (from) => {
      if (covered === null) advance(from);
    },
    note: (next) => {
      // What an earlier page left open stays its gap until something is recorded, or settled.
      if (reason !== 'page_closed') reason = next;
    },
    cover: ({ began_at, ended_at }) => {
      tell(began_at);
      reason = null;
      advance(ended_at);
    },
    settle: (moment) => {
      if (covered === null || moment - covered <= TOLERANCE_MS) return;
      tell(moment);
      if (reason === 'page_closed') reason = null;
      advance(moment);
    },
    get until() {
      return covered;
    },
  };
}
