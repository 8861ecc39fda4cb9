import { sleep } from '../../shared/backoff';
import { pageAudio } from '../../shared/media/pageAudio';
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
 * Create a recorder. It listens by the page's AudioContext; where that is silent (before the first
 * click, or without a loudspeaker), by the browser's own recorder.
 */
export function createAudioRecorder(): AudioRecorder {
  let current: MediaStream | null = null;
  let source: MediaStreamAudioSourceNode | null = null;
  let tap: Promise<AudioWorkletNode> | null = null;

  async function createTap(): Promise<AudioWorkletNode> {
    const context = pageAudio();
    await context.audioWorklet.addModule(tapUrl);
    return new AudioWorkletNode(context, 'tap', { numberOfOutputs: 0, channelCount: 1 });
  }

  async function recordByTap(ms: number): Promise<Blob | null> {
    const node = await tap?.catch(() => null);
    if (!node || !source || node.context.state !== 'running') return null;
    const chunks = await collect(node.port, ms);
    return chunks.length > 0
      ? encodeWav(await resample(chunks, node.context.sampleRate, ms), SAMPLE_RATE)
      : null;
  }

  async function recordByBrowser(ms: number): Promise<Blob | null> {
    if (!current) return null;
    const { recordSound } = await import('../../shared/media/recordSound');
    const samples = await recordSound(current, ms, SAMPLE_RATE);
    return samples && samples.length > 0 ? encodeWav(samples, SAMPLE_RATE) : null;
  }

  return {
    async setStream(stream) {
      source?.disconnect();
      source = null;
      current = stream;
      if (!stream) return;
      tap ??= createTap();
      const node = await tap.catch(() => null);
      if (!node || current !== stream) return;
      source = pageAudio().createMediaStreamSource(stream);
      source.connect(node);
    },
    record: async (ms) => (await recordByTap(ms)) ?? (await recordByBrowser(ms)),
    close() {
      source?.disconnect();
      current = source = tap = null;
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
