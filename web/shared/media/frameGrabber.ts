/** How a picture is taken: at most `width` pixels wide, JPEG of `quality` 0..1. */
export interface JpegFormat {
  width: number;
  quality: number;
}

export const SNAPSHOT: JpegFormat = { width: 960, quality: 0.8 };
export const PORTRAIT: JpegFormat = { width: 1280, quality: 0.85 };

/** A playing camera picture of the page's own, whatever is on the screen. */
export interface FrameGrabber {
  setStream(stream: MediaStream | null): void;
  /** Return the picture of this moment, or null where there is none. */
  grab(format: JpegFormat): Promise<Blob | null>;
  close(): void;
}

/** Create a frame grabber. Its video is in the page, invisibly: some browsers play none outside of it. */
export function createFrameGrabber(): FrameGrabber {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.tabIndex = -1;
  video.setAttribute('aria-hidden', 'true');
  video.style.cssText = 'position:fixed;width:1px;height:1px;opacity:0;pointer-events:none';
  document.body.append(video);
  return {
    setStream(stream) {
      if (video.srcObject === stream) return;
      video.srcObject = stream;
      // Playing is cut short when the stream changes again at once; the next one plays.
      if (stream) video.play().catch(() => undefined);
    },
    async grab(format) {
      if (!video.srcObject) return null;
      await waitForFirstFrame(video);
      return grabFrame(video, format);
    },
    close() {
      video.srcObject = null;
      video.remove();
    },
  };
}

const FIRST_FRAME_MS = 3_000;

/** Wait a moment for a camera that was only just opened: its light is on before its picture is. */
function waitForFirstFrame(video: HTMLVideoElement): Promise<void> {
  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return Promise.resolve();
  return new Promise((resolve) => {
    const timeout = setTimeout(resolve, FIRST_FRAME_MS);
    video.addEventListener(
      'loadeddata',
      () => {
        clearTimeout(timeout);
        resolve();
      },
      { once: true },
    );
  });
}

/** Draw a video's current frame into a JPEG; null before the first frame. */
export async function grabFrame(video: HTMLVideoElement, format: JpegFormat): Promise<Blob | null> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !video.videoWidth) return null;
  const scale = Math.min(1, format.width / video.videoWidth);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d', { alpha: false })?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', format.quality));
}
