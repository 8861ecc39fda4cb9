// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Anything, FakeRecorder, SilentContext, STREAM } from '../../shared/tests/silentSound';
import { createAudioRecorder } from './audioRecorder';

const SECOND = 16_000;
class FakeDecoder {
  decodeAudioData = () =>
    Promise.resolve({ getChannelData: () => new Float32Array(2 * SECOND).fill(0.5) });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('AudioContext', SilentContext);
  vi.stubGlobal(
    'AudioWorkletNode',
    class {
      constructor(readonly context: SilentContext) {}
    },
  );
  vi.stubGlobal('MediaRecorder', FakeRecorder);
  vi.stubGlobal('OfflineAudioContext', FakeDecoder);
  vi.stubGlobal('MediaStream', Anything);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function clipOf(ms: number): Promise<Blob | null> {
  const recorder = createAudioRecorder();
  await recorder.setStream(STREAM);
  let clip: Blob | null | undefined;
  void recorder.record(ms).then((recorded) => (clip = recorded));
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(ms);
    expect(clip).toBeDefined();
  });
  recorder.close();
  return clip ?? null;
}

/** 16 bits a sample, after the header of WAV. */
const bytesOf = (samples: number) => 44 + 2 * samples;

it('a clip is recorded where the page’s sound never runs: no loudspeaker, or no click yet', async () => {
  expect((await clipOf(1_000))?.size).toBe(bytesOf(SECOND));
});

it('and where the browser has no worklets', async () => {
  vi.stubGlobal('AudioWorkletNode', undefined);
  expect((await clipOf(1_000))?.size).toBe(bytesOf(SECOND));
});

it('nothing is made up where nothing can be heard', async () => {
  vi.stubGlobal('MediaRecorder', undefined);
  expect(await clipOf(1_000)).toBeNull();
});
