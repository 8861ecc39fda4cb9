import { watchWave } from '../media/watchWave';

/** How loud a stream is, 0 to 1, ten times a second; the last 200 ms count. */
export function watchAudioLevel(stream: MediaStream, onLevel: (level: number) => void): () => void {
  if (stream.getAudioTracks().length === 0) return () => undefined;
  let level = 0;
  return watchWave(stream, (samples) => {
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // Speech lies between -50 and -10 dB: that is the meter's length.
    const decibels = 10 * Math.log10(power + 1e-9);
    const current = Math.min(1, Math.max(0, (decibels + 55) / 45));
    level = Math.max(current, level * 0.8);
    onLevel(level);
  });
}
