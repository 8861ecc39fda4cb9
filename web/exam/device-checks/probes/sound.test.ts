// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Anything, FakeRecorder, SilentContext, STREAM } from '../../../shared/tests/silentSound';
import { createMeter, playNotes } from './sound';

class FakeDecoder {
  decodeAudioData = () =>
    Promise.resolve({ getChannelData: () => Float32Array.from([0, 0.5, -0.5, 0]) });
}

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
    const meter = createMeter(STREAM);
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
