import { sleep, within } from '../backoff';

/** How long a recorder may take to hand over what it has. */
const STOP_MS = 3_000;

/**
 * Record `ms` of a stream's sound and bring it to `rate`; null where the browser cannot. The
 * recorder needs no running AudioContext: neither a loudspeaker nor a click.
 */
export async function recordSound(
  stream: MediaStream,
  ms: number,
  rate: number,
): Promise<Float32Array | null> {
  const tracks = stream.getAudioTracks();
  if (typeof MediaRecorder === 'undefined' || tracks.length === 0) return null;
  try {
    const recorder = new MediaRecorder(new MediaStream(tracks));
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const stopped = new Promise<void>((resolve) => {
      recorder.onstop = () => resolve();
    });
    recorder.start();
    await sleep(ms);
    if (recorder.state !== 'inactive') recorder.stop();
    await within(stopped, STOP_MS);
    const file = await new Blob(pieces).arrayBuffer();
    const decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(file);
    return decoded.getChannelData(0).slice(0, Math.round((ms / 1_000) * rate));
  } catch {
    return null; // the microphone has stopped, or nothing was heard
  }
}
