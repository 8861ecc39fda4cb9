import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { within } from '../backoff';
import type { MediaDevice } from '../media/device';

/** Both voices of a talk. */
export interface CallAudio {
  readonly localStream: ShallowRef<MediaStream | null>;
  readonly remoteStream: ShallowRef<MediaStream | null>;
  readonly muted: Ref<boolean>;
  /** Open the microphone for talking; without one, one can still listen. */
  tracks: () => Promise<MediaStreamTrack[]>;
  mute: (on: boolean) => void;
  stop: () => void;
}

/** Where a talk's microphone comes from. */
export interface TalkMicrophone {
  /** Null where there is none, or the person does not answer the browser's question. */
  open: (constraints: MediaTrackConstraints) => Promise<MediaStream | null>;
  /** The talk is over; its tracks are stopped. */
  release: () => void;
}

/** For talking, unlike for watching, the loudspeaker's echo is taken out. */
const TALK_CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: false,
  autoGainControl: false,
};

/** How long a talk waits for the person's leave: it begins without their voice then. */
const PERMISSION_MS = 15_000;

/** A microphone of the talk's own, for pages that have none open. */
export const ownMicrophone: TalkMicrophone = {
  async open(constraints) {
    const opening = navigator.mediaDevices.getUserMedia({ audio: constraints });
    const stream = await within(opening, PERMISSION_MS);
    // Allowed later, it is not wanted any more.
    if (!stream) void opening.then((late) => late.getTracks().forEach((track) => track.stop()));
    return stream ?? null;
  },
  release: () => undefined,
};

/**
 * The microphone that watches, for the talk, too: a second one would end or mute the first on iOS.
 * While they talk it takes the echo out; the talk has a copy, which can be muted alone.
 */
export function sharedMicrophone(
  device: MediaDevice,
  watching: MediaTrackConstraints,
): TalkMicrophone {
  let isShared = false;
  return {
    async open(constraints) {
      if (device.state !== 'live') return ownMicrophone.open(constraints);
      isShared = true;
      await within(device.exchange(constraints), PERMISSION_MS);
      const tracks = device.stream?.getAudioTracks() ?? [];
      return tracks.length > 0 ? new MediaStream(tracks.map((track) => track.clone())) : null;
    },
    release() {
      if (isShared) void device.exchange(watching);
      isShared = false;
    },
  };
}

export function createCallAudio(microphone: TalkMicrophone = ownMicrophone): CallAudio {
  const localStream = shallowRef<MediaStream | null>(null);
  const remoteStream = shallowRef<MediaStream | null>(null);
  const muted = ref(false);
  let opening: Promise<MediaStream | null> | null = null;

  function applyMute(): void {
    localStream.value?.getAudioTracks().forEach((track) => (track.enabled = !muted.value));
  }

  const stopTracks = (stream: MediaStream | null) =>
    stream?.getTracks().forEach((track) => track.stop());

  return {
    localStream,
    remoteStream,
    muted,
    async tracks() {
      const current = (opening ??= microphone.open(TALK_CONSTRAINTS).catch(() => null));
      const stream = await current;
      if (opening !== current) {
        stopTracks(stream); // the talk ended meanwhile
        return [];
      }
      if (!stream) opening = null;
      localStream.value = stream;
      applyMute();
      return stream?.getAudioTracks() ?? [];
    },
    mute(on) {
      muted.value = on;
      applyMute();
    },
    stop() {
      if (opening) microphone.release();
      opening = null;
      stopTracks(localStream.value);
      localStream.value = null;
      remoteStream.value = null;
      muted.value = false;
    },
  };
}
