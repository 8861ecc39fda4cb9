import { within } from '../backoff';
import type { GapReason, TrackPlan } from './model';

/** Where a track's picture and sound come from. */
export interface TrackSource {
  /** The tracks to record now; null while there is no picture. */
  stream(): MediaStream | null;
  /** Why there is none. */
  absence(): GapReason;
}

/** What a recorder records: own copies of the device's tracks, of the size that is recorded. */
export interface PreparedStream {
  /** The copy of a source's stream, made anew when the source's tracks or the plan changed. */
  of(source: MediaStream, plan: TrackPlan): MediaStream;
  close(): void;
}

const SETTLE_MS = 2_000;

export function createPreparedStream(): PreparedStream {
  let prepared: MediaStream | null = null;
  let key = '';

  function close(): void {
    prepared?.getTracks().forEach((track) => track.stop());
    prepared = null;
    key = '';
  }

  return {
    of(source, plan) {
      const tracks = source.getTracks().filter((track) => track.readyState === 'live');
      const next = [...tracks.map(({ id }) => id), plan.width, plan.height, plan.frame_rate].join();
      if (!prepared || next !== key) {
        close();
        key = next;
        prepared = new MediaStream(tracks.map((track) => copyOf(track, plan)));
      }
      return prepared;
    },
    close,
  };
}

function copyOf(track: MediaStreamTrack, plan: TrackPlan): MediaStreamTrack {
  const copy = track.clone();
  if (track.kind === 'video') void scale(copy, track, plan);
  return copy;
}

/**
 * Bring a copy to the size that is recorded. Some browsers change the device itself, and with it the
 * picture that snapshots are taken of: there the copy stays as large as it is.
 */
async function scale(
  copy: MediaStreamTrack,
  original: MediaStreamTrack,
  plan: TrackPlan,
): Promise<void> {
  const before = original.getSettings();
  const ask = (track: MediaStreamTrack, size: Pick<TrackPlan, 'width' | 'height' | 'frame_rate'>) =>
    within(
      track.applyConstraints({
        width: { ideal: size.width },
        height: { ideal: size.height },
        frameRate: { ideal: size.frame_rate, max: Math.max(size.frame_rate, 1) },
      }),
      SETTLE_MS,
    ).catch(() => undefined);
  await ask(copy, plan);
  const after = original.getSettings();
  if (!before.width || !before.height || !after.width || after.width >= before.width) return;
  const { width, height, frameRate: frame_rate = plan.frame_rate } = before;
  await ask(copy, { width, height, frame_rate });
  await ask(original, { width, height, frame_rate });
}

/** Join the tracks of two streams; the same stream again while they are the same. */
export function joinTracks() {
  let last: { picture: MediaStream; sound: MediaStream | null; joined: MediaStream } | null = null;
  return (picture: MediaStream | null, sound: MediaStream | null): MediaStream | null => {
    if (!picture) return null;
    if (last?.picture !== picture || last.sound !== sound) {
      const tracks = [...picture.getVideoTracks(), ...(sound?.getAudioTracks() ?? [])];
      last = { picture, sound, joined: new MediaStream(tracks) };
    }
    return last.joined;
  };
}
