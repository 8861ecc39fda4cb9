/** What of a sitting is recorded now, as staff should know it. */
import type { AuditEntry, RecordingMode, Seat, Track } from '../../shared/api/types';

/** What stands in the way of a track that the rule asks for. */
export type RecordingObstacle = 'not_joined' | 'window' | 'stopped' | 'refused' | 'unsupported';

export interface RecordedTrack {
  readonly track: Track;
  readonly mode: RecordingMode;
  readonly obstacle: RecordingObstacle | null;
}

export interface RecordingState {
  readonly consent: 'given' | 'refused' | 'open';
  readonly tracks: readonly RecordedTrack[];
}

const OBSTACLES = ['window', 'stopped', 'refused', 'unsupported'] as const;

/** Return what is recorded; null where the session records nothing by rule. */
export function recordingState(
  { recording, second_view_joined_at: joinedAt }: Seat['session'],
  audit: readonly AuditEntry[],
): RecordingState | null {
  if (!recording.tracks.length) return null;
  const screen = [...audit].reverse().find((entry) => entry.action === 'screen_status');
  const obstacleOf = (track: Track): RecordingObstacle | null => {
    if (track === 'second') return joinedAt === null ? 'not_joined' : null;
    if (track === 'first') return null;
    return OBSTACLES.find((status) => status === screen?.detail.status) ?? null;
  };
  return {
    consent: recording.consent === null ? 'open' : recording.consent ? 'given' : 'refused',
    tracks: recording.tracks.map(({ track, mode }) => ({
      track,
      mode,
      obstacle: obstacleOf(track),
    })),
  };
}
