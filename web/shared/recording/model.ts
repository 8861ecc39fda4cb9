/** What is recorded of a session: tracks, each in segments of about ten seconds that play alone. */
import type { RecordingContainer, RecordingMode, Track, Upload } from '../api/types';

export type {
  GapReason,
  RecordingContainer as Container,
  RecordingGap as Gap,
  RecordingMode,
  RecordingPlan,
  RecordingQuery as PlanQuery,
  Track,
  TrackFormat as TrackPlan,
} from '../api/types';

/** A span on the server's clock, ms since 1970. */
export interface Span {
  began_at: number;
  ended_at: number;
}

export interface SegmentName {
  track: Track;
  segment_id: string;
}

/** A segment to be recorded; contiguous with the one before. */
export interface Slot extends SegmentName {
  begins_at: number;
  length: number;
  /** Null until the server gives one: a device without a plan goes on by itself. */
  upload: Upload | null;
}

/** At most so many of each in one question. */
export const MAX_PENDING = 24;
export const MAX_GAPS = 40;

/** A recorded segment, as the device keeps it until it is acknowledged. */
export interface Segment extends SegmentName, Span {
  sessionId: string;
  mode: RecordingMode;
  container: RecordingContainer;
  size: number;
  sha256: string;
  /** Null where it has to be asked for (again). */
  upload: Upload | null;
}

export const overlaps = (span: Span, other: Span) =>
  span.began_at < other.ended_at && other.began_at < span.ended_at;

/** The slots' length and grid, where the device has to go on without a plan. */
export const SLOT_MS = 10_000;
