/** Registration photos before they are uploaded: a JPEG within the limit, made of what was chosen. */

/** Why no JPEG could be made of a file. */
export type PhotoProblem = 'unreadable';

/** Return a JPEG of at most `largest` bytes made of a file, or why there is none. */
export type PreparePhoto = (file: File, largest: number) => Promise<Blob | PhotoProblem>;

/** Enough for comparing faces, and small enough for any limit. */
const LONGEST_SIDE = 1_600;
const QUALITIES = [0.9, 0.8, 0.6];
const JPEG_START = [0xff, 0xd8, 0xff];

export const preparePhoto: PreparePhoto = async (file, largest) => {
  if (file.size <= largest && (await isJpeg(file))) return file;
  // Whatever the browser can show becomes a JPEG, upright; HEIC it mostly cannot.
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return 'unreadable';
  try {
    return await scaledJpeg(bitmap, largest);
  } finally {
    bitmap.close();
  }
};

async function isJpeg(file: Blob): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, JPEG_START.length).arrayBuffer());
  return JPEG_START.every((byte, index) => start[index] === byte);
}

async function scaledJpeg(bitmap: ImageBitmap, largest: number): Promise<Blob | PhotoProblem> {
  const { width, height } = fittedSize(bitmap, LONGEST_SIDE);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0, width, height);
  for (const quality of QUALITIES) {
    const jpeg = await new Promise<Blob | null>((resolve) =>
      canvas.toBlob(resolve, 'image/jpeg', quality),
    );
    if (jpeg && jpeg.size <= largest) return jpeg;
  }
  return 'unreadable';
}

/** The size of a picture whose longer side is at most `longest`, in the same proportions. */
export function fittedSize(
  size: { readonly width: number; readonly height: number },
  longest: number,
): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(size.width, size.height));
  return { width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
}
