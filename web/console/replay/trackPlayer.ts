/**
 * One track of a recording, played by two elements in turn: while one plays a segment, the other
 * has the next one ready. The replay's moment leads; an element that drifts from it is set right,
 * gently where it is a little and by a jump where it is more.
 */

/** What of a media element is used. */
export interface MediaPlayer {
  src: string;
  currentTime: number;
  playbackRate: number;
  muted: boolean;
  readonly paused: boolean;
  readonly ended: boolean;
  readonly seeking: boolean;
  readonly readyState: number;
  play(): Promise<void>;
  pause(): void;
  load(): void;
  removeAttribute(name: string): void;
}

/** A segment's file, and the moment at which it begins. */
export interface PlayedSegment {
  readonly id: string;
  readonly url: string;
  readonly beganAt: number;
  /** How long the file lasts, ms; 0 where nobody knows. */
  readonly duration: number;
}

export interface Pace {
  readonly moment: number;
  /** Whether time runs; not while another track is waited for. */
  readonly running: boolean;
  readonly speed: number;
  readonly audible: boolean;
}

export interface TrackPlayer {
  /**
   * Play one segment at its place, and have the next one ready. Returns whether the picture of the
   * moment is there, where one is asked for.
   */
  show(current: PlayedSegment | null, next: PlayedSegment | null, pace: Pace): boolean;
  /** Which of the two elements has the picture to look at; null where none has. */
  front(): 0 | 1 | null;
  /** The segment in front. */
  shown(): string | null;
  /** Let go of both files. */
  release(): void;
}

/** A picture is there: HAVE_CURRENT_DATA. */
const HAS_PICTURE = 2;
/** In the time of the recording at normal speed, seconds: beyond, the element jumps. */
const MAX_DRIFT = 0.15;
/** From here on it runs a little faster or slower, until it is in step again. */
const SLIGHT_DRIFT = 0.06;
const IN_STEP = 0.02;
const NUDGE = 0.08;
const JUMP_MS = 50;
/** No browser plays faster. */
const MAX_RATE = 16;
/** So long before its end a file has a frame for certain. */
const LAST_FRAME_MS = 40;

export function createTrackPlayer(
  players: readonly [MediaPlayer, MediaPlayer],
  onBlocked: (blocked: boolean) => void,
): TrackPlayer {
  const held: [PlayedSegment | null, PlayedSegment | null] = [null, null];
  const nudges: [number, number] = [0, 0];
  let front: 0 | 1 | null = null;

  function put(index: 0 | 1, segment: PlayedSegment | null): void {
    if (held[index]?.id === segment?.id) return;
    const player = players[index];
    player.pause();
    held[index] = segment;
    nudges[index] = 0;
    if (segment) player.src = segment.url;
    else player.removeAttribute('src');
    player.load();
    if (front === index) front = null;
  }

  /** The element that has a segment already, or the one that can do without what it has. */
  function placeOf(segment: PlayedSegment, next: PlayedSegment | null): 0 | 1 {
    const known = held.findIndex((other) => other?.id === segment.id);
    if (known >= 0) return known === 0 ? 0 : 1;
    if (next && held[0]?.id === next.id) return 1;
    if (next && held[1]?.id === next.id) return 0;
    // The picture in front stays until another takes its place.
    return front === 0 ? 1 : 0;
  }

  function show(current: PlayedSegment | null, next: PlayedSegment | null, pace: Pace): boolean {
    if (!current) {
      front = null;
      players.forEach((player) => player.pause());
      const index = next && held[1]?.id === next.id ? 1 : 0;
      put(index, next);
      put(index === 0 ? 1 : 0, null);
      return true;
    }
    const index = placeOf(current, next);
    const other = index === 0 ? 1 : 0;
    put(index, current);
    follow(index, current, pace);
    players[other].pause();
    players[other].muted = true;
    if (players[index].readyState < HAS_PICTURE) return false;
    front = index;
    put(other, next);
    return true;
  }

  function follow(index: 0 | 1, segment: PlayedSegment, pace: Pace): void {
    const player = players[index];
    const place = placeIn(segment, pace.moment);
    const drift = player.currentTime - place;
    const isOver = player.ended && drift < 0;
    if (!player.seeking && !isOver && Math.abs(drift) > tolerance(pace)) {
      // A jump takes a moment itself, in which time runs on.
      const lead = pace.running ? JUMP_MS * pace.speed : 0;
      player.currentTime = placeIn(segment, pace.moment + lead);
      nudges[index] = 0;
    } else if (Math.abs(drift) < IN_STEP) nudges[index] = 0;
    else if (Math.abs(drift) > SLIGHT_DRIFT) nudges[index] = drift < 0 ? NUDGE : -NUDGE;
    setRate(player, pace.speed * (1 + nudges[index]));
    player.muted = !pace.audible;
    if (!pace.running) player.pause();
    else if (player.paused && !player.ended) void start(player);
  }

  async function start(player: MediaPlayer): Promise<void> {
    try {
      await player.play();
      if (!player.muted) onBlocked(false);
    } catch (error) {
      // Others come of an element that was paused or given another file meanwhile.
      if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked(true);
    }
  }

  return {
    show,
    front: () => front,
    shown: () => (front === null ? null : (held[front]?.id ?? null)),
    release() {
      put(0, null);
      put(1, null);
      front = null;
    },
  };
}

/** Where a moment lies in a segment's file, in seconds; its last frame stands until the next. */
function placeIn({ beganAt, duration }: PlayedSegment, moment: number): number {
  const end = duration > 0 ? Math.max(0, duration - LAST_FRAME_MS) : Infinity;
  return Math.min(end, Math.max(0, moment - beganAt)) / 1_000;
}

/** At a speed, a frame of the page lasts longer in the recording. */
function tolerance({ speed, running }: Pace): number {
  return running ? MAX_DRIFT * Math.max(1, speed) : IN_STEP;
}

/** Set a speed where it is another; one that the browser cannot play is kept in step by jumps. */
function setRate(player: MediaPlayer, wanted: number): void {
  const rate = Math.min(MAX_RATE, wanted);
  if (Math.abs(player.playbackRate - rate) < 0.001) return;
  try {
    player.playbackRate = rate;
  } catch {
    // It goes on as fast as it did.
  }
}
