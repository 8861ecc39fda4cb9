import { pageAudio } from './pageAudio';

const INTERVAL_MS = 100;
/** A context that is not running by then, of itself or by a click, is not waited for. */
const PATIENCE_MS = 1_500;
const PIECE_MS = 250;
const RATE = 16_000;

/** Pass on a stream's newest samples several times a second, also where the page's sound is silent. */
export function watchWave(
  stream: MediaStream,
  onWave: (samples: Float32Array) => void,
  size = 2_048,
): () => void {
  const tap = openTap(stream, size);
  const startedAt = performance.now();
  let recording = false;
  let stopped = false;

  async function recordPiece(): Promise<void> {
    recording = true;
    const { recordSound } = await import('./recordSound');
    const samples = await recordSound(stream, PIECE_MS, RATE);
    recording = false;
    if (samples && samples.length > 0 && !stopped) onWave(samples);
  }

  const timer = setInterval(() => {
    const samples = tap?.read();
    if (samples) onWave(samples);
    else if (!recording && performance.now() - startedAt > PATIENCE_MS) void recordPiece();
  }, INTERVAL_MS);
  return () => {
    stopped = true;
    clearInterval(timer);
    tap?.close();
  };
}

function openTap(stream: MediaStream, size: number) {
  try {
    const context = pageAudio();
    const source = context.createMediaStreamSource(stream);
    const analyser = new AnalyserNode(context, { fftSize: size, smoothingTimeConstant: 0 });
    source.connect(analyser);
    const samples = new Float32Array(size);
    return {
      read() {
        if (context.state !== 'running') return null;
        analyser.getFloatTimeDomainData(samples);
        return samples;
      },
      close: () => source.disconnect(),
    };
  } catch {
    return null; // no AudioContext, or no sound in the stream
  }
}
