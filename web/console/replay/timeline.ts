/** One exam as a line of time: what was seen, flagged, done and answered at each moment. */
import type { Audit, Flag, Observation, View } from '../types';
import { saidIn, SAYING, type ChatRow, type Said } from './communications';

export interface Timeline {
  readonly begin: number;
  readonly end: number;
  /** Pictures of each view, oldest first. */
  readonly pictures: Readonly<Record<View, readonly Observation[]>>;
  readonly flags: readonly Flag[];
  readonly events: readonly Audit[];
  /** What was said: warnings, talks, asks, chat; oldest first. */
  readonly said: readonly Said[];
  /** When each answer was last saved, oldest first. */
  readonly answers: readonly number[];
}

/** Entries of the audit that a line of their own already shows. */
const SHOWN_ELSEWHERE = new Set(['flag_opened', 'flag_closed', ...SAYING]);
/** What people do about an exam is no part of it. */
const AFTERWARDS = new Set(['evidence_kept', 'event_reviewed']);

export interface Material {
  readonly captures: readonly Observation[];
  readonly flags: readonly Flag[];
  readonly audit: readonly Audit[];
  readonly answers: readonly number[];
  readonly chat: readonly ChatRow[];
}

/** Put an exam together; null where nothing was captured. */
export function timelineOf({ captures, flags, audit, answers, chat }: Material): Timeline | null {
  const seen = captures
    .filter((capture) => capture.medium === 'picture' && !capture.error)
    .toSorted((a, b) => a.captured_at - b.captured_at);
  const events = audit.filter(
    (entry) => !SHOWN_ELSEWHERE.has(entry.action) && !AFTERWARDS.has(entry.action),
  );
  const first = seen[0];
  const last = seen.at(-1);
  if (!first || !last) return null;
  return {
    begin: first.captured_at,
    end: Math.max(last.captured_at, first.captured_at + 1),
    pictures: {
      first: seen.filter((picture) => picture.view === 'first'),
      second: seen.filter((picture) => picture.view === 'second'),
    },
    flags: flags.toSorted((a, b) => a.began_at - b.began_at),
    events,
    said: saidIn(audit, chat),
    answers: answers.toSorted((a, b) => a - b),
  };
}

/** The newest of a sorted list that is not later than a moment; -1 where none is. */
export function indexAt(times: readonly number[], moment: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function pictureAt(line: Timeline, view: View, moment: number): Observation | null {
  const pictures = line.pictures[view];
  const times = pictures.map((picture) => picture.captured_at);
  return pictures[indexAt(times, moment)] ?? null;
}

/** The flags that were open at a moment. */
export function flagsAt(line: Timeline, moment: number): Flag[] {
  return line.flags.filter(
    (flag) => flag.began_at <= moment && moment <= (flag.ended_at ?? line.end),
  );
}

/** The beginning of the flag after a moment, or of the one before it; null where there is none. */
export function nextFlag(line: Timeline, moment: number, step: 1 | -1): number | null {
  const begins = line.flags.map((flag) => flag.began_at);
  if (step === 1) return begins.find((begin) => begin > moment) ?? null;
  return begins.findLast((begin) => begin < moment) ?? null;
}

/** Where a moment lies, as a part of the whole from 0 to 1. */
export function partOf(line: Timeline, moment: number): number {
  return Math.min(1, Math.max(0, (moment - line.begin) / (line.end - line.begin)));
}
