import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { ScreenStatus } from '../../shared/api/types';

/** `unasked`: nobody has been asked on this page yet. */
export type ShareStatus = ScreenStatus | 'unasked' | 'asking';

/** The candidate's screen, shared by a click; what they choose is told, never assumed. */
export interface ScreenShare {
  readonly status: Ref<ShareStatus>;
  /** Set while the whole screen is shared. */
  readonly stream: ShallowRef<MediaStream | null>;
  /** Ask; has to be called by a click. */
  share: () => Promise<void>;
  stop: () => void;
}

/** Newer browsers offer the screen first, and not this very page. */
type Question = DisplayMediaStreamOptions & {
  monitorTypeSurfaces?: 'include';
  selfBrowserSurface?: 'exclude';
  surfaceSwitching?: 'exclude';
};
const QUESTION: Question = {
  video: { displaySurface: 'monitor', frameRate: { ideal: 5 } },
  audio: false,
  monitorTypeSurfaces: 'include',
  selfBrowserSurface: 'exclude',
  surfaceSwitching: 'exclude',
};

export interface ScreenShareOptions {
  /** Undefined where the browser shares no screen. */
  media: Partial<Pick<MediaDevices, 'getDisplayMedia'>> | undefined;
  onStatus: (status: ScreenStatus) => void;
}

export function createScreenShare({ media, onStatus }: ScreenShareOptions): ScreenShare {
  const status = ref<ShareStatus>(media?.getDisplayMedia ? 'unasked' : 'unsupported');
  const stream = shallowRef<MediaStream | null>(null);

  function setStatus(next: ScreenStatus): void {
    status.value = next;
    onStatus(next);
  }

  function release(): void {
    stream.value?.getTracks().forEach((track) => track.stop());
    stream.value = null;
  }

  function accept(opened: MediaStream): void {
    const [track] = opened.getVideoTracks();
    const surface = track?.getSettings().displaySurface;
    // Browsers that do not tell share whole screens, or are believed to.
    if (!track || (surface !== undefined && surface !== 'monitor')) {
      opened.getTracks().forEach((own) => own.stop());
      setStatus('window');
      return;
    }
    release();
    track.onended = () => {
      if (stream.value !== opened) return;
      release();
      setStatus('stopped');
    };
    stream.value = opened;
    setStatus('shared');
  }

  return {
    status,
    stream,
    async share() {
      if (!media?.getDisplayMedia || status.value === 'asking' || status.value === 'shared') return;
      status.value = 'asking';
      try {
        accept(await media.getDisplayMedia(QUESTION));
      } catch {
        setStatus('refused');
      }
    },
    stop: release,
  };
}
