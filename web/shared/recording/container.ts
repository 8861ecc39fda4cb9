import type { Container } from './model';

/** In the order of preference; Safari has MP4 only. */
const TYPES: readonly [Container, string][] = [
  ['webm', 'video/webm;codecs=vp8,opus'],
  ['webm', 'video/webm;codecs=vp8'],
  ['mp4', 'video/mp4;codecs=avc1.42E01F,mp4a.40.2'],
  ['mp4', 'video/mp4'],
];

export interface RecorderFormat {
  container: Container;
  mimeType: string;
}

/** The format that this browser records in; null where it records none. */
export function recorderFormat(
  recorder: Pick<typeof MediaRecorder, 'isTypeSupported'> | undefined = browserRecorder(),
): RecorderFormat | null {
  const found = recorder && TYPES.find(([, mimeType]) => recorder.isTypeSupported(mimeType));
  return found ? { container: found[0], mimeType: found[1] } : null;
}

function browserRecorder(): typeof MediaRecorder | undefined {
  return typeof MediaRecorder === 'undefined' ? undefined : MediaRecorder;
}
