import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';

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

/** For talking, unlike for watching, the loudspeaker's echo is taken out. */
const TALK_CONSTRAINTS: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: false,
  autoGainControl: false,
};

export function createCallAudio(): CallAudio {
  const localStream = shallowRef<MediaStream | null>(null);
  const remoteStream = shallowRef<MediaStream | null>(null);
  const muted = ref(false);

  function applyMute(): void {
    localStream.value?.getAudioTracks().forEach((track) => (track.enabled = !muted.value));
  }

  return {
    localStream,
    remoteStream,
    muted,
    async tracks() {
      try {
        localStream.value ??= await navigator.mediaDevices.getUserMedia({
          audio: TALK_CONSTRAINTS,
        });
      } catch {
        return [];
      }
      applyMute();
      return localStream.value.getAudioTracks();
    },
    mute(on) {
      muted.value = on;
      applyMute();
    },
    stop() {
      localStream.value?.getTracks().forEach((track) => track.stop());
      localStream.value = null;
      remoteStream.value = null;
      muted.value = false;
    },
  };
}
