/** The microphone's level, and a sound for the loudspeaker: made here, no file needed. */

/** Watch a stream's loudness, 0..100, until closed. */
export interface Meter {
  level(): number;
  close(): void;
}

export function createMeter(stream: MediaStream): Meter {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(stream);
  const analyser = new AnalyserNode(context, { fftSize: 8192 });
  source.connect(analyser);
  void context.resume();
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      return loudness(samples);
    },
    close() {
      source.disconnect();
      void context.close();
    },
  };
}

/** The loudest point of a wave as 0..100, by ear: 60 dB below full is 0. */
export function loudness(samples: Float32Array): number {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  if (peak <= 0) return 0;
  return Math.round(Math.min(100, Math.max(0, 100 + (20 * Math.log10(peak) * 100) / 60)));
}

const NOTES = [523.25, 659.25, 783.99];
const NOTE_S = 0.35;

/** Play three rising notes; resolves when they are over. */
export async function playNotes(): Promise<void> {
  const context = new AudioContext();
  await context.resume();
  const gain = new GainNode(context, { gain: 0.25 });
  gain.connect(context.destination);
  const endings = NOTES.map((frequency, index) => {
    const note = new OscillatorNode(context, { frequency });
    note.connect(gain);
    note.start(context.currentTime + index * NOTE_S);
    note.stop(context.currentTime + (index + 1) * NOTE_S);
    return new Promise((resolve) => note.addEventListener('ended', resolve, { once: true }));
  });
  await Promise.all(endings);
  await context.close();
}
