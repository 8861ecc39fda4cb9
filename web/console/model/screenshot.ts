/** A picture of the live video: the very frame that is shown, without loss. */
import { sha256 } from '../../shared/sha256';
import type { View } from '../../shared/api/types';

export interface Screenshot {
  readonly png: Blob;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

/** Save a screenshot of the live video; returns whether it was uploaded. Throws what the API rejects. */
export type KeepLive = (
  screenshot: Screenshot,
  details: { view: View; at: number; note: string },
) => Promise<boolean>;

/** Take what a video shows now; null before its first frame. */
export async function takeScreenshot(video: HTMLVideoElement): Promise<Screenshot | null> {
  const { videoWidth: width, videoHeight: height } = video;
  if (!width || !height) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d', { alpha: false })?.drawImage(video, 0, 0);
  const png = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  return png && { png, sha256: await sha256(await png.arrayBuffer()), width, height };
}
