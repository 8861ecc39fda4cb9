/** The recording of a sitting at the replay's moment: which segment of each track plays, and next. */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { useConsole } from '../consoleContext';
import { TRACKS } from '../model/tracks';
import type { Segment, SessionRecording, Track } from '../../shared/api/types';
import type { RecordingGap, SilentMoment } from './recordingGaps';
import { createSegmentFiles, keyOf } from './segmentFiles';
import {
  createSegmentWindows,
  isPlayable,
  NO_SEGMENTS,
  segmentPages,
  segmentsAt,
  type SegmentsAt,
  type SegmentWindow,
} from './segments';
import type { PlayedSegment } from './trackPlayer';

/** So far ahead the next segment is fetched, at normal speed. */
const AHEAD_MS = 15_000;

/** What a track plays at the moment. */
export interface PlayedTrack {
  readonly current: PlayedSegment | null;
  /** Null while its file is being fetched. */
  readonly next: PlayedSegment | null;
  /** The segment that covers the moment, playable or not. */
  readonly segment: Segment | null;
  /** Whether a segment covers the moment and its file is on the way. */
  readonly isFetching: boolean;
  /** The segment that covers the moment and cannot be played. */
  readonly broken: Segment | null;
}

/** All that a view of a track is shown from. */
export interface TrackRecording {
  readonly played: PlayedTrack;
  readonly gaps: readonly RecordingGap[];
  /** What is known of the moment where nothing plays. */
  readonly empty: SilentMoment;
}

interface Options {
  readonly sessionId: string;
  /** What the session records by rule, and whether the candidate agreed; null before it is known. */
  readonly rule: Readonly<Ref<SessionRecording | null>>;
  readonly gaps: Readonly<Ref<readonly RecordingGap[]>>;
  readonly moment: Readonly<Ref<number>>;
  readonly speed: Readonly<Ref<number>>;
  /** The end of the sitting, or now; null before anything is known. */
  readonly end: Readonly<Ref<number | null>>;
}

export function useRecordings({ sessionId, rule, gaps, moment, speed, end }: Options) {
  const { api, clock } = useConsole();
  /** Grows whenever segments or files came: neither is reactive itself. */
  const revision = ref(0);
  const files = createSegmentFiles({ onChange: () => revision.value++ });
  const undecodable = shallowRef<ReadonlySet<string>>(new Set());
  const windows = createSegmentWindows({
    readPage: segmentPages(api, sessionId),
    now: () => clock.now(),
    onChange: () => revision.value++,
  });

  const tracks = computed(() =>
    TRACKS.filter((track) => rule.value?.tracks.some((recorded) => recorded.track === track)),
  );
  const ahead = computed(() => AHEAD_MS * Math.max(1, speed.value));
  const segmentWindow = computed<SegmentWindow | null>(() =>
    revision.value >= 0 ? windows.at(moment.value) : null,
  );
  const segments = computed<Readonly<Record<Track, SegmentsAt>>>(() => {
    const here = segmentWindow.value;
    const later = windows.at(moment.value + ahead.value);
    const find = (track: Track) =>
      tracks.value.includes(track)
        ? nearby(segmentsAt([here, later], track, moment.value))
        : NO_SEGMENTS;
    return { first: find('first'), second: find('second'), screen: find('screen') };
  });

  /** The next one matters once it is near: after a gap it may be an hour away. */
  function nearby({ current, next }: SegmentsAt): SegmentsAt {
    const isNear = next !== null && next.began_at - moment.value <= ahead.value;
    return { current, next: isNear ? next : null };
  }

  const canPlay = (segment: Segment) =>
    isPlayable(segment) && !files.hasFailed(segment) && !undecodable.value.has(keyOf(segment));

  function toPlayed(segment: Segment | null): PlayedSegment | null {
    const url = segment && files.urlOf(segment);
    if (!segment || !url || !canPlay(segment)) return null;
    const { began_at: beganAt, duration } = segment;
    return { id: keyOf(segment), url, beganAt, duration };
  }

  function playedOf(track: Track): PlayedTrack {
    const { current: segment, next } = segments.value[track];
    const current = revision.value >= 0 ? toPlayed(segment) : null;
    const isBroken = segment !== null && !canPlay(segment);
    return {
      current,
      next: toPlayed(next),
      segment,
      isFetching: segment !== null && !isBroken && current === null,
      broken: isBroken ? segment : null,
    };
  }

  function recordingOf(track: Track): TrackRecording | null {
    if (!tracks.value.includes(track)) return null;
    const played = playedOf(track);
    const mode = rule.value?.tracks.find((recorded) => recorded.track === track)?.mode;
    return {
      played,
      gaps: gaps.value,
      empty: {
        track,
        moment: moment.value,
        aroundFlags: mode === 'flags',
        refused: rule.value?.consent === false,
        broken: played.broken,
        window: segmentWindow.value,
        readFailed: revision.value >= 0 && windows.failedAt(moment.value),
      },
    };
  }
  const recordings = computed<Readonly<Record<Track, TrackRecording | null>>>(() => ({
    first: recordingOf('first'),
    second: recordingOf('second'),
    screen: recordingOf('screen'),
  }));

  watch(
    () => TRACKS.flatMap((track) => [segments.value[track].current, segments.value[track].next]),
    () => {
      const pairs = TRACKS.map((track) => segments.value[track]);
      const wanted = [...pairs.map((pair) => pair.current), ...pairs.map((pair) => pair.next)];
      files.want(wanted.filter((segment) => segment !== null).filter(isPlayable));
    },
  );

  watch([moment, end, tracks, revision], () => {
    if (!tracks.value.length || end.value === null || !moment.value) return;
    windows.need(moment.value);
    windows.need(Math.min(end.value, moment.value + ahead.value));
  });

  /** The browser cannot play what came; the replay goes on without it. */
  function markUndecodable(id: string): void {
    undecodable.value = new Set([...undecodable.value, id]);
  }

  onScopeDispose(() => files.release());
  return { tracks, recordings, markUndecodable };
}
