import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';

/** Both voices of a talk. */
export interface Voice {
  readonly own: ShallowRef<MediaStream | null>;
  readonly heard: ShallowRef<MediaStream | null>;
  readonly muted: Ref<boolean>;
  /** Open the microphone for talking; without one, one can still listen. */
  tracks: () => Promise<MediaStreamTrack[]>;
  mute: (on: boolean) => void;
  stop: () => void;
}

/** For talking, unlike for watching, the loudspeaker's echo is taken out. */
const TALKING: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: false,
  autoGainControl: false,
};

export function createVoice(): Voice {
  const own = shallowRef<MediaStream | null>(null);
  const heard = shallowRef<MediaStream | null>(null);
  const muted = ref(false);

  function apply(): void {
    own.value?.getAudioTracks().forEach((track) => (track.enabled = !muted.value));
  }

  return {
    own,
    heard,
    muted,
    async tracks() {
      try {
        own.value ??= await navigator.mediaDevices.getUserMedia({ audio: TALKING });
      } catch {
        return [];
      }
      apply();
      return own.value.getAudioTracks();
    },
    mute(on) {
      muted.value = on;
      apply();
    },
    stop() {
      own.value?.getTracks().forEach((track) => track.stop());
      own.value = null;
      heard.value = null;
      muted.value = false;
    },
  };
}
