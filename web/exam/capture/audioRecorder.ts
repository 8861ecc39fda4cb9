import { sleep } from '../../shared/backoff';
import { wav } from '../../shared/media/wav';
import tapUrl from './tap.worklet.ts?worker&url';

/** What the models that listen expect. */
const RATE = 16_000;

/** Records clips from the microphone. */
export interface Ear {
  listen(stream: MediaStream | null): Promise<void>;
  /** Return `ms` of sound from now on as WAV, or null where nothing is heard. */
  record(ms: number): Promise<Blob | null>;
  close(): void;
}

/**
 * Make an ear. Browsers keep sound asleep until the person has touched the page; it wakes by
 * itself with the first click or key.
 */
export function createEar(): Ear {
  let context: AudioContext | null = null;
  let source: MediaStreamAudioSourceNode | null = null;
  let tap: AudioWorkletNode | null = null;

  const wake = () => void context?.resume();

  async function build(): Promise<AudioContext> {
    const made = new AudioContext();
    context = made;
    document.addEventListener('pointerdown', wake);
    document.addEventListener('keydown', wake);
    await made.audioWorklet.addModule(tapUrl);
    tap = new AudioWorkletNode(made, 'tap', { numberOfOutputs: 0, channelCount: 1 });
    return made;
  }

  return {
    async listen(stream) {
      source?.disconnect();
      source = null;
      if (!stream) return;
      const ready = context ?? (await build());
      if (!tap) return;
      source = ready.createMediaStreamSource(stream);
      source.connect(tap);
      wake();
    },
    async record(ms) {
      if (!context || !tap || !source || context.state !== 'running') return null;
      const pieces = await collect(tap.port, ms);
      return pieces.length > 0 ? wav(await resampled(pieces, context.sampleRate, ms), RATE) : null;
    },
    close() {
      document.removeEventListener('pointerdown', wake);
      document.removeEventListener('keydown', wake);
      source?.disconnect();
      void context?.close();
      context = source = tap = null;
    },
  };
}

async function collect(port: MessagePort, ms: number): Promise<Float32Array[]> {
  const pieces: Float32Array[] = [];
  port.onmessage = (event: MessageEvent<Float32Array>) => pieces.push(event.data);
  await sleep(ms);
  port.onmessage = null;
  return pieces;
}

/** Join the pieces and bring them to RATE, by the browser's own resampler. */
async function resampled(pieces: Float32Array[], rate: number, ms: number): Promise<Float32Array> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new AudioBuffer({ length, numberOfChannels: 1, sampleRate: rate });
  let offset = 0;
  for (const piece of pieces) {
    whole.copyToChannel(Float32Array.from(piece), 0, offset);
    offset += piece.length;
  }
  const frames = Math.round((Math.min(ms / 1000, length / rate) || 0) * RATE);
  const offline = new OfflineAudioContext(1, Math.max(frames, 1), RATE);
  const player = new AudioBufferSourceNode(offline, { buffer: whole });
  player.connect(offline.destination);
  player.start();
  return (await offline.startRendering()).getChannelData(0);
}
