import { describe, expect, it } from 'vitest';
import { createScreenShare } from './screenShare';

class FakeScreenTrack {
  readyState = 'live';
  onended: (() => void) | null = null;
  constructor(private readonly displaySurface: string | undefined) {}
  getSettings = () => ({ displaySurface: this.displaySurface });
  stop = () => (this.readyState = 'ended');
}

function create(answer: () => Promise<FakeScreenTrack>) {
  const told: string[] = [];
  const getDisplayMedia = async () => {
    const track = await answer();
    return { getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream;
  };
  return {
    told,
    share: createScreenShare({ media: { getDisplayMedia }, onStatus: (now) => told.push(now) }),
  };
}

describe('the shared screen', () => {
  it.each(['monitor', undefined])('is taken where the browser says %s', async (surface) => {
    const track = new FakeScreenTrack(surface);
    const { share, told } = create(() => Promise.resolve(track));
    await share.share();
    expect([share.status.value, told]).toEqual(['shared', ['shared']]);
    expect(share.stream.value).not.toBeNull();
    track.onended?.();
    expect(told).toEqual(['shared', 'stopped']);
    expect(share.stream.value).toBeNull();
  });

  it.each(['window', 'browser'])('is not a %s: that is told and let go of', async (surface) => {
    const track = new FakeScreenTrack(surface);
    const { share, told } = create(() => Promise.resolve(track));
    await share.share();
    expect(told).toEqual(['window']);
    expect([share.stream.value, track.readyState]).toEqual([null, 'ended']);
  });

  it('may be asked for again after a refusal', async () => {
    let refused = false;
    const { share, told } = create(() => {
      if (refused) return Promise.resolve(new FakeScreenTrack('monitor'));
      refused = true;
      return Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await share.share();
    await share.share();
    expect(told).toEqual(['refused', 'shared']);
  });

  it('is known to be impossible where the browser has none', async () => {
    const share = createScreenShare({ media: {}, onStatus: () => undefined });
    await share.share();
    expect(share.status.value).toBe('unsupported');
  });

  it('ends with the exam, which is nobody’s stopping', async () => {
    const track = new FakeScreenTrack('monitor');
    const { share, told } = create(() => Promise.resolve(track));
    await share.share();
    share.stop();
    track.onended?.();
    expect(told).toEqual(['shared']);
  });
});
