// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMeter, playNotes } from './sound';

/** A browser's sound that never starts: no loudspeaker, or no click. */
class SilentContext {
  state = 'suspended';
  currentTime = 0;
  resume = () => new Promise<void>(() => undefined);
  createMediaStreamSource = () => ({ connect: () => undefined, disconnect: () => undefined });
}

/** A recorder whose pieces are loud. */
class FakeRecorder {
  state = 'inactive';
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;
  start(): void {
    this.state = 'recording';
  }
  stop(): void {
    this.state = 'inactive';
    this.ondataavailable?.({ data: new Blob(['sound']) });
    this.onstop?.();
  }
}

class FakeDecoder {
  decodeAudioData = () =>
    Promise.resolve({ getChannelData: () => Float32Array.from([0, 0.5, -0.5, 0]) });
}

function Anything(): void {
  // What is made of it is never looked at.
}

const stream = { getAudioTracks: () => [{}] } as unknown as MediaStream;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('AudioContext', SilentContext);
  vi.stubGlobal('AnalyserNode', Anything);
  vi.stubGlobal('MediaRecorder', FakeRecorder);
  vi.stubGlobal('OfflineAudioContext', FakeDecoder);
  vi.stubGlobal('MediaStream', Anything);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('without a loudspeaker', () => {
  it('the test sound is said not to have been played, soon', async () => {
    const playing = playNotes();
    await vi.advanceTimersByTimeAsync(2_000);
    await expect(playing).resolves.toBe(false);
  });

  it('the microphone is measured all the same', async () => {
    const meter = createMeter(stream);
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(500);
      expect(meter.level()).toBeGreaterThan(80);
    });
    meter.close();
  });
});

it('a browser with no sound at all is said to have played nothing', async () => {
  const open = () => {
    throw new ReferenceError('AudioContext is not defined');
  };
  await expect(playNotes(open)).resolves.toBe(false);
});
