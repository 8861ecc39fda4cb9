/** One exam as a line of time: what was seen, flagged, done and answered at each moment. */
import type { AuditEntry, Flag, Observation, View } from '../../shared/api/types';
import {
  communicationsIn,
  COMMUNICATION_ACTIONS,
  type ChatRow,
  type Communication,
} from './communications';

export interface Timeline {
  readonly begin: number;
  readonly end: number;
  /** Pictures of each view, oldest first. */
  readonly pictures: Readonly<Record<View, readonly Observation[]>>;
  readonly flags: readonly Flag[];
  readonly events: readonly AuditEntry[];
  /** Warnings, voice calls, requests and chat; oldest first. */
  readonly communications: readonly Communication[];
  /** When each answer was last saved, oldest first. */
  readonly answers: readonly number[];
}

/** Entries of the audit that a line of their own already shows. */
const SHOWN_ELSEWHERE = new Set(['flag_opened', 'flag_closed', ...COMMUNICATION_ACTIONS]);
/** What people do about an exam is no part of it. */
const REVIEW_ACTIONS = new Set(['evidence_kept', 'event_reviewed']);

export interface TimelineSource {
  readonly captures: readonly Observation[];
  readonly flags: readonly Flag[];
  readonly audit: readonly AuditEntry[];
  readonly answers: readonly number[];
  readonly chat: readonly ChatRow[];
}

/** Put an exam together; null where nothing was captured. */
export function buildTimeline({
  captures,
  flags,
  audit,
  answers,
  chat,
}: TimelineSource): Timeline | null {
  const pictures = captures
    .filter((capture) => capture.medium === 'picture' && !capture.error)
    .sort((a, b) => a.captured_at - b.captured_at);
  const events = audit.filter(
    (entry) => !SHOWN_ELSEWHERE.has(entry.action) && !REVIEW_ACTIONS.has(entry.action),
  );
  const first = pictures[0];
  const last = pictures.at(-1);
  if (!first || !last) return null;
  return {
    begin: first.captured_at,
    end: Math.max(last.captured_at, first.captured_at + 1),
    pictures: {
      first: pictures.filter((picture) => picture.view === 'first'),
      second: pictures.filter((picture) => picture.view === 'second'),
    },
    flags: [...flags].sort((a, b) => a.began_at - b.began_at),
    events,
    communications: communicationsIn(audit, chat),
    answers: [...answers].sort((a, b) => a - b),
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

export function pictureAt(timeline: Timeline, view: View, moment: number): Observation | null {
  const pictures = timeline.pictures[view];
  const times = pictures.map((picture) => picture.captured_at);
  return pictures[indexAt(times, moment)] ?? null;
}

/** The flags that were open at a moment. */
export function flagsAt(timeline: Timeline, moment: number): Flag[] {
  return timeline.flags.filter(
    (flag) => flag.began_at <= moment && moment <= (flag.ended_at ?? timeline.end),
  );
}

/** The beginning of the flag after a moment, or of the one before it; null where there is none. */
export function nextFlag(timeline: Timeline, moment: number, step: 1 | -1): number | null {
  const begins = timeline.flags.map((flag) => flag.began_at);
  if (step === 1) return begins.find((begin) => begin > moment) ?? null;
  return begins.filter((begin) => begin < moment).at(-1) ?? null;
}

/** Where a moment lies, as a part of the whole from 0 to 1. */
export function fractionAt(timeline: Timeline, moment: number): number {
  return Math.min(1, Math.max(0, (moment - timeline.begin) / (timeline.end - timeline.begin)));
}
