import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMediaDevice, type MediaDevice, type DeviceState } from './device';

class FakeTrack {
  onended: (() => void) | null = null;
  onmute: (() => void) | null = null;
  onunmute: (() => void) | null = null;
  stopped = false;
  stop(): void {
    this.stopped = true;
  }
}

class FakeStream {
  readonly track = new FakeTrack();
  getTracks(): FakeTrack[] {
    return [this.track];
  }
}

/** A browser whose camera works, or fails with an error of the given name. */
class FakeMedia extends EventTarget {
  failing: string | null = null;
  readonly given: FakeStream[] = [];
  asked = 0;

  getUserMedia(): Promise<FakeStream> {
    this.asked += 1;
    if (this.failing) return Promise.reject(new DOMException('', this.failing));
    const stream = new FakeStream();
    this.given.push(stream);
    return Promise.resolve(stream);
  }
}

let media: FakeMedia;
let states: DeviceState[];
let device: MediaDevice;

beforeEach(() => {
  vi.useFakeTimers();
  media = new FakeMedia();
  states = [];
  device = createMediaDevice({
    kind: 'camera',
    constraints: {},
    onChange: () => states.push(device.state),
    media: media as unknown as MediaDevices,
    permissions: undefined,
  });
});
afterEach(() => {
  device.stop();
  vi.useRealTimers();
});

describe('a camera', () => {
  it('goes live, and stops when it is told to', async () => {
    device.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(device.stream).toBe(media.given[0]);
    device.stop();
    expect(device.stream).toBeNull();
    expect(media.given[0]?.track.stopped).toBe(true);
    expect(states).toEqual(['asking', 'live', 'off']);
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'busy'],
  ])('tells %s as «%s»', async (name, state) => {
    media.failing = name;
    device.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(device.state).toBe(state);
  });

  it('is asked for again until it is there', async () => {
    media.failing = 'NotReadableError';
    device.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(states).toEqual(['asking', 'busy']);
    media.failing = null;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(device.state).toBe('live');
  });

  it('does not ask a person again who has said no, unless told to', async () => {
    media.failing = 'NotAllowedError';
    device.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(media.asked).toBe(1);
    media.failing = null;
    device.restart();
    await vi.advanceTimersByTimeAsync(0);
    expect(device.state).toBe('live');
  });

  it('tells when its stream is another one', async () => {
    const streams: unknown[] = [];
    device = createMediaDevice({
      kind: 'camera',
      constraints: {},
      onChange: () => streams.push(device.stream),
      media: media as unknown as MediaDevices,
      permissions: undefined,
    });
    device.start();
    await vi.advanceTimersByTimeAsync(0);
    device.restart({ facingMode: 'environment' });
    await vi.advanceTimersByTimeAsync(0);
    expect(streams).toEqual([null, media.given[0], null, media.given[1]]);
    expect(media.given[0]?.track.stopped).toBe(true);
  });

  it('comes back after it was unplugged', async () => {
    device.start();
    await vi.advanceTimersByTimeAsync(0);
    media.given[0]?.track.onended?.();
    expect(device.state).toBe('lost');
    expect(device.stream).toBeNull();
    media.dispatchEvent(new Event('devicechange'));
    await vi.advanceTimersByTimeAsync(0);
    expect(device.stream).toBe(media.given[1]);
  });

  it('shows nothing while the system holds it', async () => {
    device.start();
    await vi.advanceTimersByTimeAsync(0);
    media.given[0]?.track.onmute?.();
    expect(device.stream).toBeNull();
    media.given[0]?.track.onunmute?.();
    expect(device.stream).toBe(media.given[0]);
  });
});

describe('a device that is exchanged', () => {
  it('keeps what runs until the other is there', async () => {
    device.start();
    await vi.advanceTimersByTimeAsync(0);
    const [first] = media.given;
    const exchanging = device.exchange({ echoCancellation: true });
    expect(first?.track.stopped).toBe(false);
    await exchanging;
    expect(first?.track.stopped).toBe(true);
    expect(device.state).toBe('live');
    expect(device.stream).toBe(media.given[1]);
  });

  it('is left as it was where that fails, or where it was off', async () => {
    await device.exchange({});
    expect(media.asked).toBe(0);
    device.start();
    await vi.advanceTimersByTimeAsync(0);
    media.failing = 'NotReadableError';
    await device.exchange({});
    expect(device.state).toBe('live');
    expect(media.given[0]?.track.stopped).toBe(false);
  });

  it('that was stopped meanwhile stays stopped', async () => {
    device.start();
    await vi.advanceTimersByTimeAsync(0);
    const exchanging = device.exchange({});
    device.stop();
    await exchanging;
    expect(device.state).toBe('off');
    expect(media.given[1]?.track.stopped).toBe(true);
  });
});
