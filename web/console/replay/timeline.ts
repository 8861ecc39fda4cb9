/** One exam as a line of time: what was flagged, done, said and answered at each moment. */
import type { AuditEntry, Flag } from '../../shared/api/types';
import {
  communicationsIn,
  COMMUNICATION_ACTIONS,
  type ChatRow,
  type Communication,
} from './communications';
import { gapsIn, type Gap } from './gaps';
import { recordingGapsIn, type RecordingGap } from './recordingGaps';

export interface Timeline {
  readonly begin: number;
  /** Of a sitting under way: now. */
  readonly end: number;
  readonly isLive: boolean;
  readonly flags: readonly Flag[];
  readonly events: readonly AuditEntry[];
  /** Warnings, voice calls, requests and chat; oldest first. */
  readonly communications: readonly Communication[];
  /** When each answer was last saved, oldest first. */
  readonly answers: readonly number[];
  /** Where pictures may be missing, with the reason that the record tells. */
  readonly gaps: readonly Gap[];
  /** Where a device told that it did not record. */
  readonly recordingGaps: readonly RecordingGap[];
}

/** Entries of the audit that a line of their own already shows. */
const SHOWN_ELSEWHERE = new Set([
  'flag_opened',
  'flag_closed',
  'recording_gap',
  'recordings_anchored',
  ...COMMUNICATION_ACTIONS,
]);
/** What people do about an exam is no part of it. */
const REVIEW_ACTIONS = new Set(['evidence_kept', 'recording_kept', 'event_reviewed']);
const BEGINS = new Set(['wait', 'start']);
const ENDS = new Set(['submit', 'time_out', 'terminate']);

export interface TimelineSource {
  /** Null before the candidate may answer. */
  readonly startedAt: number | null;
  readonly joinedAt: number | null;
  readonly notAsked: boolean;
  readonly flags: readonly Flag[];
  readonly audit: readonly AuditEntry[];
  readonly answers: readonly number[];
  readonly chat: readonly ChatRow[];
}

/** Put an exam together; null where the candidate has not come to the waiting room yet. */
export function buildTimeline(source: TimelineSource): Timeline | null {
  const { audit, flags, joinedAt, notAsked } = source;
  const begins = audit.filter((entry) => BEGINS.has(entry.action)).map((entry) => entry.at);
  if (source.startedAt !== null) begins.push(source.startedAt);
  if (!begins.length) return null;
  const begin = Math.min(...begins);
  const end = audit.find((entry) => ENDS.has(entry.action))?.at;
  return {
    begin,
    end: Math.max(end ?? begin, begin + 1),
    isLive: end === undefined,
    flags: [...flags].sort((a, b) => a.began_at - b.began_at),
    events: audit.filter(
      (entry) => !SHOWN_ELSEWHERE.has(entry.action) && !REVIEW_ACTIONS.has(entry.action),
    ),
    communications: communicationsIn(audit, source.chat),
    answers: [...source.answers].sort((a, b) => a - b),
    gaps: gapsIn({ audit, flags, joinedAt, notAsked, begin }),
    recordingGaps: recordingGapsIn(audit),
  };
}

/** A sitting under way grows with the server's time. */
export function extendTo(timeline: Timeline, now: number): Timeline {
  if (!timeline.isLive) return timeline;
  return { ...timeline, end: Math.max(now, timeline.begin + 1) };
}

/** The flags that were open at a moment. */
export function flagsAt(timeline: Timeline, moment: number): Flag[] {
  return timeline.flags.filter(
    (flag) => flag.began_at <= moment && moment <= (flag.ended_at ?? timeline.end),
  );
}

/** The beginning of the flag after a moment, or of the one before it; null where there is none. */
export function nextFlag(timeline: Timeline, moment: number, step: 1 | -1): number | null {
  return nextOf(
    timeline.flags.map((flag) => flag.began_at),
    moment,
    step,
  );
}

/** The moments to which one can go from line to line: what was done and said. */
export function wordsOf(timeline: Timeline): number[] {
  const moments = [...timeline.communications, ...timeline.events].map((entry) => entry.at);
  return [...new Set(moments)]
    .filter((at) => at >= timeline.begin && at <= timeline.end)
    .sort((a, b) => a - b);
}

/** The next of sorted moments, or the one before; null where there is none. */
export function nextOf(moments: readonly number[], moment: number, step: 1 | -1): number | null {
  if (step === 1) return moments.find((at) => at > moment) ?? null;
  return moments.filter((at) => at < moment).at(-1) ?? null;
}

/** Where a moment lies, as a part of the whole from 0 to 1. */
export function fractionAt(timeline: Timeline, moment: number): number {
  return Math.min(1, Math.max(0, (moment - timeline.begin) / (timeline.end - timeline.begin)));
}
