// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMediaDevice, MICROPHONE, type MediaDevice } from '../media/device';
import { createCallAudio, sharedMicrophone } from './callAudio';

class FakeTrack {
  readyState = 'live';
  enabled = true;
  onended: (() => void) | null = null;
  stop(): void {
    this.readyState = 'ended';
  }
  clone(): FakeTrack {
    return new FakeTrack();
  }
}

class FakeStream {
  constructor(readonly tracks: FakeTrack[] = [new FakeTrack()]) {}
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks;
}

/** A phone or Mac of Apple's: whoever opens the microphone again ends what was open. */
class AppleMedia extends EventTarget {
  readonly asked: MediaTrackConstraints[] = [];
  answers = true;
  refuses = false;
  private open: FakeTrack[] = [];

  getUserMedia({ audio }: { audio: MediaTrackConstraints }): Promise<FakeStream> {
    this.asked.push(audio);
    if (this.refuses) return Promise.reject(new DOMException('', 'NotAllowedError'));
    if (!this.answers) return new Promise(() => undefined);
    for (const track of this.open) {
      track.stop();
      track.onended?.();
    }
    const stream = new FakeStream();
    this.open = stream.tracks;
    return Promise.resolve(stream);
  }
}

let media: AppleMedia;
let device: MediaDevice;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
  media = new AppleMedia();
  vi.stubGlobal('navigator', { mediaDevices: media });
  device = createMediaDevice({
    kind: 'microphone',
    constraints: MICROPHONE,
    onChange: () => undefined,
    media: media as unknown as MediaDevices,
    permissions: undefined,
  });
  device.start();
  await vi.advanceTimersByTimeAsync(0);
});
afterEach(() => {
  device.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const watching = () => device.stream?.getAudioTracks()[0]?.readyState;
const talk = () => createCallAudio(sharedMicrophone(device, MICROPHONE));

describe('a talk beside the microphone that watches', () => {
  it('takes the echo out of that one, and leaves it alive, during and after', async () => {
    const voice = talk();
    const [track] = await voice.tracks();
    expect(track?.readyState).toBe('live');
    expect(media.asked.at(-1)?.echoCancellation).toBe(true);
    expect(device.state).toBe('live');
    expect(watching()).toBe('live');
    voice.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(track?.readyState).toBe('ended');
    expect(media.asked.at(-1)?.echoCancellation).toBe(false);
    expect(watching()).toBe('live');
  });

  it('is muted alone', async () => {
    const voice = talk();
    const [track] = await voice.tracks();
    voice.mute(true);
    expect(track?.enabled).toBe(false);
    expect(device.stream?.getAudioTracks()[0]?.enabled).toBe(true);
  });

  it('keeps watching where the browser refuses another opening', async () => {
    media.refuses = true;
    const voice = talk();
    expect(await voice.tracks()).toHaveLength(1);
    expect(watching()).toBe('live');
    voice.stop();
    expect(device.state).toBe('live');
  });

  it('opens the microphone once, however often the connection is tried', async () => {
    const voice = talk();
    const asked = media.asked.length;
    await Promise.all([voice.tracks(), voice.tracks()]);
    expect(media.asked).toHaveLength(asked + 1);
  });
});

it('a question that nobody answers does not keep the talk waiting', async () => {
  device.stop();
  media.answers = false;
  const voice = createCallAudio();
  const opening = voice.tracks();
  await vi.advanceTimersByTimeAsync(15_000);
  await expect(opening).resolves.toEqual([]);
});
