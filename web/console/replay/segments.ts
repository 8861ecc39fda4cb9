/**
 * The segments of a recording, a few minutes at a time: about ten seconds of a track each, which
 * play alone. A three-hour sitting of three tracks has 3,240.
 */
import type { Api } from '../../shared/api/client';
import type { Segment, Track } from '../../shared/api/types';
import { indexAt } from './indexAt';
import { createTimeWindows, type TimeWindow, type TimeWindows } from './timeWindows';

/** Five minutes of three tracks are 90 segments, which the API answers at once. */
const WINDOW_MS = 5 * 60_000;
/** A segment that began just before a window still plays at its beginning. */
const OVERLAP_MS = 20_000;
/** What is played 15 s after it happened is asked for that often. */
const GROWING_MS = 3_000;
/** A segment of 10 s that takes this long from its begin has arrived, or comes late. */
export const SEGMENT_ARRIVAL_MS = 25_000;
/** Between two segments the recorder stops and starts: the last frame stands for so long. */
const JOINT_MS = 2_000;

export interface SegmentsPage {
  readonly segments: readonly Segment[];
  readonly before: string | null;
}

export interface SegmentWindow extends TimeWindow {
  /** By track, oldest first. */
  readonly tracks: Readonly<Record<Track, readonly Segment[]>>;
}

export type SegmentWindows = TimeWindows<SegmentWindow>;

interface Options {
  /** A page of segments, newest first, from before an id; a time sorts as an id of that time. */
  readonly readPage: (before: string) => Promise<SegmentsPage>;
  readonly now: () => number;
  readonly onChange: () => void;
}

export function createSegmentWindows({ readPage, now, onChange }: Options): SegmentWindows {
  return createTimeWindows({
    windowMs: WINDOW_MS,
    overlapMs: OVERLAP_MS,
    arrivalMs: SEGMENT_ARRIVAL_MS,
    growingMs: GROWING_MS,
    async readPage(page) {
      const { segments, before } = await readPage(page);
      return { items: segments, before };
    },
    timeOf: slotOf,
    toWindow,
    now,
    onChange,
  });
}

/** A page of a session's segments from the API, newest first, from before an id or a time. */
export const segmentPages = (api: Api, session_id: string) => (before: string) =>
  api.request((client) =>
    client.GET('/proctor/sessions/{session_id}/recordings/{before}', {
      params: { path: { session_id, before } },
    }),
  );

/** The planned begin of a segment, by which the API orders them. */
export const slotOf = (segment: Segment) => Number(segment.segment_id.split('-', 1)[0]);

function toWindow(segments: readonly Segment[], readAt: number): SegmentWindow {
  const trackOf = (track: Track) =>
    segments.filter((segment) => segment.track === track).sort((a, b) => a.began_at - b.began_at);
  return {
    readAt,
    tracks: { first: trackOf('first'), second: trackOf('second'), screen: trackOf('screen') },
  };
}

/** What the inspector found in a segment that can never be played, whatever it should have been. */
export const BROKEN_REASONS = ['empty', 'unreadable', 'too_large'] as const;

/** Why a segment cannot be played; undefined where it can, as far as the record says. */
export const breakOf = (segment: Segment) =>
  BROKEN_REASONS.find((reason) => reason === segment.error);

export const isPlayable = (segment: Segment) => breakOf(segment) === undefined;

export interface SegmentsAt {
  /** The one that covers the moment, broken or not. */
  readonly current: Segment | null;
  /** The one that begins next. */
  readonly next: Segment | null;
}

export const NO_SEGMENTS: SegmentsAt = { current: null, next: null };

/**
 * The segment of a track at a moment, and the next one: it may lie in the window after. The joint
 * between two segments belongs to the first of them.
 */
export function segmentsAt(
  windows: readonly (SegmentWindow | null)[],
  track: Track,
  moment: number,
): SegmentsAt {
  const [here, ahead] = windows.map((window) => window?.tracks[track] ?? []);
  const index = here ? indexAt(here, moment, (segment) => segment.began_at) : -1;
  const newest = here?.[index];
  const next = here?.[index + 1] ?? ahead?.find((segment) => segment.began_at > moment) ?? null;
  if (!newest) return { current: null, next };
  const end = endOf(newest);
  const isJoint = next !== null && next.began_at - end <= JOINT_MS && moment < next.began_at;
  return { current: moment < end || isJoint ? newest : null, next };
}

/** When a segment's picture ends: as long as the file lasts, where that is known. */
export function endOf({ began_at, ended_at, duration }: Segment): number {
  return duration > 0 ? began_at + duration : ended_at;
}
