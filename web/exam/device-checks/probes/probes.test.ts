import { describe, expect, it } from 'vitest';
import type { CameraTest } from '../../../shared/api/types';
import { SUPPORTED, parseUserAgent, UNSUPPORTED, PARTIAL } from './computer';
import { placementMeasurement } from './cameraPlacement';
import { measureLatency, mbitPerSecond } from './bandwidth';
import { LOCAL, UNREACHABLE, PUBLIC, probeReachability, reachability } from './webrtc';
import { loudness } from './sound';

describe('the operating system', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140', '15.0.0', SUPPORTED, 'Windows 11'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140', '10.0.0', SUPPORTED, 'Windows 10'],
    ['Mozilla/5.0 (Windows NT 6.1; Win64; x64) Chrome/109', '', SUPPORTED, 'Windows 7'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605', '', SUPPORTED, 'macOS 10.15'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_6) Chrome/100', '', PARTIAL, 'macOS 10.13'],
    ['Mozilla/5.0 (X11; Linux x86_64) Chrome/140', '', PARTIAL, 'Linux'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', '', UNSUPPORTED, 'mobile'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel) Chrome/140 Mobile', '', UNSUPPORTED, 'mobile'],
  ])('of %s', (agent, platform, value, note) => {
    expect(parseUserAgent(agent, platform)).toEqual({ value, note });
  });
});

describe('the line', () => {
  it('is as fast as bytes in time', () => {
    expect(mbitPerSecond(2_000_000, 1_000, 0)).toBe(16);
    expect(mbitPerSecond(2_000_000, 1_100, 100)).toBe(16);
  });

  it('never looks endless by a slow small file', () => {
    expect(mbitPerSecond(2_000_000, 1_000, 5_000)).toBe(32);
    expect(mbitPerSecond(2_000_000, 0, 0)).toBe(1_000);
  });

  it('is as far as the middle of three, without the first', async () => {
    const steps = [0, 0, 40, 0, 400, 0, 60];
    const measurement = await measureLatency(
      () => Promise.resolve(),
      () => steps.shift() ?? 0,
    );
    expect(measurement.value).toBe(60);
  });
});

describe('reaching this browser', () => {
  it('is worth what the best of its addresses is', () => {
    expect(reachability(new Set(['host', 'srflx']))).toBe(PUBLIC);
    expect(reachability(new Set(['relay']))).toBe(PUBLIC);
    expect(reachability(new Set(['host']))).toBe(LOCAL);
    expect(reachability(new Set())).toBe(UNREACHABLE);
  });

  it('asks the servers that the API names, and closes behind itself', async () => {
    const connection = {
      closed: false,
      onicecandidate: null as ((event: { candidate: { candidate: string } | null }) => void) | null,
      createDataChannel: () => undefined,
      createOffer: () => Promise.resolve({}),
      setLocalDescription() {
        this.onicecandidate?.({
          candidate: {
            candidate: 'candidate:1 1 udp 41819903 192.0.2.1 5000 typ relay raddr 0.0.0.0',
          },
        });
        this.onicecandidate?.({ candidate: null });
        return Promise.resolve();
      },
      close() {
        this.closed = true;
      },
    };
    const configs: RTCConfiguration[] = [];
    const server = { urls: ['turn:a'], username: 'u', credential: 'c' };
    const ice = { servers: [server], relay_only: true, expires_at: 1, now: 0 };
    const measurement = await probeReachability(ice, (config) => {
      configs.push(config);
      return connection as unknown as RTCPeerConnection;
    });
    expect(measurement).toEqual({ value: PUBLIC, note: 'relay' });
    expect(configs).toEqual([{ iceServers: [server], iceTransportPolicy: 'relay' }]);
    expect(connection.closed).toBe(true);
  });
});

it('hears by decibels', () => {
  expect(loudness(new Float32Array([0, 0]))).toBe(0);
  expect(loudness(new Float32Array([0, -1]))).toBe(100);
  expect(loudness(new Float32Array([0.0316]))).toBe(50);
});

it('tells who cannot be recognised from who could sit better', () => {
  const shot = (...problems: CameraTest['problems']) => ({ problems }) as CameraTest;
  expect(placementMeasurement(null).value).toBeNull();
  expect(placementMeasurement(shot()).value).toBe(0);
  expect(placementMeasurement(shot('too_far', 'too_dark'))).toEqual({
    value: 1,
    note: 'too_far too_dark',
  });
  expect(placementMeasurement(shot('too_dark', 'no_face')).value).toBe(2);
});
