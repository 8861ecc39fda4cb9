import { sleep } from '../../shared/backoff';
import { encodeWav } from '../../shared/media/wav';
import tapUrl from './tap.worklet.ts?worker&url';

/** What the models that listen expect. */
const SAMPLE_RATE = 16_000;

/** Records clips from the microphone. */
export interface AudioRecorder {
  setStream(stream: MediaStream | null): Promise<void>;
  /** Return `ms` of sound from now on as WAV, or null where nothing is heard. */
  record(ms: number): Promise<Blob | null>;
  close(): void;
}

/**
 * Create a recorder. Browsers suspend audio until the user interacts with the page; it resumes by
 * itself on the first click or key press.
 */
export function createAudioRecorder(): AudioRecorder {
  let context: AudioContext | null = null;
  let source: MediaStreamAudioSourceNode | null = null;
  let tap: AudioWorkletNode | null = null;

  const resume = () => void context?.resume();

  async function createContext(): Promise<AudioContext> {
    const created = new AudioContext();
    context = created;
    document.addEventListener('pointerdown', resume);
    document.addEventListener('keydown', resume);
    await created.audioWorklet.addModule(tapUrl);
    tap = new AudioWorkletNode(created, 'tap', { numberOfOutputs: 0, channelCount: 1 });
    return created;
  }

  return {
    async setStream(stream) {
      source?.disconnect();
      source = null;
      if (!stream) return;
      const ready = context ?? (await createContext());
      if (!tap) return;
      source = ready.createMediaStreamSource(stream);
      source.connect(tap);
      resume();
    },
    async record(ms) {
      if (!context || !tap || !source || context.state !== 'running') return null;
      const chunks = await collect(tap.port, ms);
      return chunks.length > 0
        ? encodeWav(await resample(chunks, context.sampleRate, ms), SAMPLE_RATE)
        : null;
    },
    close() {
      document.removeEventListener('pointerdown', resume);
      document.removeEventListener('keydown', resume);
      source?.disconnect();
      void context?.close();
      context = source = tap = null;
    },
  };
}

async function collect(port: MessagePort, ms: number): Promise<Float32Array[]> {
  const chunks: Float32Array[] = [];
  port.onmessage = (event: MessageEvent<Float32Array>) => chunks.push(event.data);
  await sleep(ms);
  port.onmessage = null;
  return chunks;
}

/** Join the pieces and bring them to RATE, by the browser's own resampler. */
async function resample(chunks: Float32Array[], rate: number, ms: number): Promise<Float32Array> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const buffer = new AudioBuffer({ length, numberOfChannels: 1, sampleRate: rate });
  let offset = 0;
  for (const chunk of chunks) {
    buffer.copyToChannel(Float32Array.from(chunk), 0, offset);
    offset += chunk.length;
  }
  const frames = Math.round((Math.min(ms / 1000, length / rate) || 0) * SAMPLE_RATE);
  const offline = new OfflineAudioContext(1, Math.max(frames, 1), SAMPLE_RATE);
  const player = new AudioBufferSourceNode(offline, { buffer: buffer });
  player.connect(offline.destination);
  player.start();
  return (await offline.startRendering()).getChannelData(0);
}
