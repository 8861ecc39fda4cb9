/** The microphone's level, and a sound for the loudspeaker: made here, no file needed. */
import { within } from '../../../shared/backoff';
import { pageAudio } from '../../../shared/media/pageAudio';
import { watchWave } from '../../../shared/media/watchWave';

/** Watch a stream's loudness, 0..100, until closed. */
export interface Meter {
  level(): number;
  close(): void;
}

const WAVE_SIZE = 8_192;

export function createMeter(stream: MediaStream): Meter {
  let level = 0;
  const close = watchWave(stream, (samples) => (level = loudness(samples)), WAVE_SIZE);
  return { level: () => level, close };
}

/** The loudest point of a wave as 0..100, by ear: 60 dB below full is 0. */
export function loudness(samples: Float32Array): number {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  if (peak <= 0) return 0;
  return Math.round(Math.min(100, Math.max(0, 100 + (20 * Math.log10(peak) * 100) / 60)));
}

const NOTES = [523.25, 659.25, 783.99];
const NOTE_S = 0.35;
/** A computer without a loudspeaker, or a browser without its consent, never begins to play. */
const START_MS = 2_000;
const NOTES_MS = NOTES.length * NOTE_S * 1_000;

/** Play three rising notes; returns whether they were played. Never waits for long. */
export async function playNotes(open: () => AudioContext = pageAudio): Promise<boolean> {
  try {
    const context = open();
    await within(context.resume(), START_MS);
    if (context.state !== 'running') return false;
    const gain = new GainNode(context, { gain: 0.25 });
    gain.connect(context.destination);
    const endings = NOTES.map((frequency, index) => {
      const note = new OscillatorNode(context, { frequency });
      note.connect(gain);
      note.start(context.currentTime + index * NOTE_S);
      note.stop(context.currentTime + (index + 1) * NOTE_S);
      return new Promise<true>((resolve) =>
        note.addEventListener('ended', () => resolve(true), { once: true }),
      );
    });
    return (await within(Promise.all(endings), NOTES_MS + START_MS)) !== undefined;
  } catch {
    return false;
  }
}
