/** Segments of recordings for tests, and pages of them as the API makes them. */
import type { Segment, Track } from '../../shared/api/types';

export const SEGMENT_MS = 10_000;

export function makeSegment(at: number, changes: Partial<Segment> = {}): Segment {
  const track = changes.track ?? 'first';
  return {
    track,
    segment_id: `${String(at).padStart(13, '0')}-0000000${track.length}`,
    began_at: at + 100,
    ended_at: at + SEGMENT_MS - 100,
    size: 500_000,
    sha256: '0'.repeat(64),
    duration: SEGMENT_MS - 200,
    silent: track === 'screen' ? null : false,
    error: null,
    url: `https://media.test/${track}-${at}.webm`,
    ...changes,
  };
}

/** Every segment of a sitting, of each track; newest first. */
export function makeRecording(
  begin: number,
  end: number,
  tracks: readonly Track[] = ['first', 'second'],
): Segment[] {
  return tracks
    .flatMap((track) =>
      Array.from({ length: Math.floor((end - begin) / SEGMENT_MS) }, (_, index) =>
        makeSegment(begin + index * SEGMENT_MS, { track }),
      ),
    )
    .sort((a, b) => (a.segment_id < b.segment_id ? 1 : -1));
}

/** A page as the API makes it: the 100 newest before an id. */
export function segmentsBefore(recording: readonly Segment[], before: string) {
  const segments = recording.filter(({ segment_id }) => segment_id < before).slice(0, 100);
  return {
    segments,
    before: segments.length === 100 ? (segments.at(-1)?.segment_id ?? '') : null,
  };
}
