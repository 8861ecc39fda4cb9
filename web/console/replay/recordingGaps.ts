/** Where nothing of a recording plays: from when to when, and why. */
import type { AuditEntry, Segment, Track } from '../../shared/api/types';
import { TRACKS } from '../model/tracks';
import { breakOf, SEGMENT_ARRIVAL_MS, type BROKEN_REASONS, type SegmentWindow } from './segments';

/** What the device told, and what its audit entry may name. */
export const TOLD_REASONS = [
  'page_closed',
  'frozen',
  'recorder_failed',
  'no_permission',
  'screen_stopped',
  'disk_full',
  'upload_expired',
  'muted',
  'not_supported',
] as const;
export type RecordingGapReason =
  | (typeof TOLD_REASONS)[number]
  | (typeof BROKEN_REASONS)[number]
  /** The file is there by the record, and cannot be fetched or played. */
  | 'gone'
  | 'not_consented'
  | 'around_flags'
  | 'loading'
  | 'unread'
  | 'arriving'
  | 'not_arrived';

export interface RecordingGap {
  readonly track: Track;
  readonly reason: RecordingGapReason;
  readonly at: number;
  /** The same as `at` where only the moment is known. */
  readonly until: number;
}

const isTold = (reason: unknown): reason is (typeof TOLD_REASONS)[number] =>
  TOLD_REASONS.some((told) => told === reason);

/** Return the gaps that the device told, oldest first. */
export function recordingGapsIn(audit: readonly AuditEntry[]): RecordingGap[] {
  return audit
    .filter((entry) => entry.action === 'recording_gap')
    .flatMap((entry) => {
      const { reason, began_at, ended_at } = entry.detail;
      const track = TRACKS.find((name) => name === entry.detail.track);
      if (!track || !isTold(reason)) return [];
      return [{ track, reason, at: Number(began_at), until: Number(ended_at) }];
    })
    .sort((a, b) => a.at - b.at);
}

/** What is known about one moment of a track at which no segment plays. */
export interface SilentMoment {
  readonly track: Track;
  readonly moment: number;
  /** Whether the subject records this track around flags only. */
  readonly aroundFlags: boolean;
  /** Whether the candidate refused, or took the consent back. */
  readonly refused: boolean;
  /** The segment that covers the moment and cannot be played. */
  readonly broken: Segment | null;
  /** Null while the segments around the moment are being read. */
  readonly window: SegmentWindow | null;
  readonly readFailed: boolean;
}

/** Return why nothing of a track plays at a moment, the most telling reason first. */
export function recordingGapAt(gaps: readonly RecordingGap[], empty: SilentMoment): RecordingGap {
  const { track, moment, broken, window } = empty;
  const alone = (reason: RecordingGapReason): RecordingGap => ({
    track,
    reason,
    at: broken?.began_at ?? moment,
    until: broken?.ended_at ?? moment,
  });
  if (broken) return alone(breakOf(broken) ?? 'gone');
  if (!window) return alone(empty.readFailed ? 'unread' : 'loading');
  const told = gaps.find((gap) => gap.track === track && gap.at <= moment && moment <= gap.until);
  if (told) return told;
  if (empty.refused) return alone('not_consented');
  if (moment > window.readAt - SEGMENT_ARRIVAL_MS) return alone('arriving');
  return alone(empty.aroundFlags ? 'around_flags' : 'not_arrived');
}
