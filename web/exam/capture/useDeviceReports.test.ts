import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue';
import type { Session } from '../../shared/api/types';
import { createStubApi, refusal, type StubApi } from '../../shared/tests/stubApi';
import type { ExamSession } from '../session/session';
import { useDeviceReports } from './useDeviceReports';

const PATH = '/candidate/devices';

class Devices extends EventTarget {
  list = [device('audioinput', '内置麦克风'), device('audiooutput', '扬声器')];
  enumerateDevices = () => Promise.resolve(this.list);
}
class Battery extends EventTarget {
  charging = true;
}
const device = (kind: MediaDeviceKind, label: string) => ({ kind, label }) as MediaDeviceInfo;
const camera = (label: string) => ({ getVideoTracks: () => [{ label }] }) as unknown as MediaStream;

describe('the reports of devices', () => {
  let scope: EffectScope;
  let devices: Devices;
  let battery: Battery;
  let stub: StubApi;
  const stream = shallowRef<MediaStream | null>(null);
  const session = shallowRef<Session | null>(null);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    devices = new Devices();
    battery = new Battery();
    stream.value = camera('内置摄像头');
    session.value = { session_id: 's1', state: 'answering' } as Session;
    vi.stubGlobal('navigator', {
      mediaDevices: devices,
      getBattery: () => Promise.resolve(battery),
    });
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function start(answers: unknown[] = []): void {
    stub = createStubApi({ [PATH]: answers });
    scope = effectScope();
    scope.run(() => {
      useDeviceReports({ api: stub.api, session } as unknown as ExamSession, stream);
    });
  }
  /** Let the devices settle, and wait for so many reports in all. */
  async function expectReports(count: number): Promise<void> {
    await nextTick();
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(() => expect(stub.sent).toHaveLength(count));
  }
  const last = () => stub.sent.at(-1)?.body;

  it('name camera, sound devices and the power cord', async () => {
    start();
    await expectReports(1);
    const sound = ['内置麦克风', '扬声器'].sort();
    expect(last()).toEqual({ camera: '内置摄像头', sound, charging: true });
  });

  it('tell of a headset and of a pulled cord, once each', async () => {
    start();
    await expectReports(1);
    devices.list.push(device('audiooutput', '蓝牙耳机'), device('videoinput', '另一摄像头'));
    for (let event = 0; event < 3; event += 1) devices.dispatchEvent(new Event('devicechange'));
    await expectReports(2);
    expect(last()?.sound).toContain('蓝牙耳机');
    expect(last()?.sound).not.toContain('另一摄像头');
    battery.charging = false;
    battery.dispatchEvent(new Event('chargingchange'));
    await expectReports(3);
    expect(last()?.charging).toBe(false);
    devices.dispatchEvent(new Event('devicechange'));
    await expectReports(3);
  });

  it('tell of another camera', async () => {
    start();
    await expectReports(1);
    stream.value = camera('OBS Virtual Camera');
    await expectReports(2);
    expect(last()?.camera).toBe('OBS Virtual Camera');
  });

  it('are sent again where the first was not taken', async () => {
    start([refusal(503)]);
    await expectReports(1);
    await vi.advanceTimersByTimeAsync(30_000);
    await vi.waitFor(() => expect(stub.sent).toHaveLength(2));
    expect(stub.sent[1]).toEqual(stub.sent[0]);
  });

  it('are bounded, each name and their number', async () => {
    devices.list = Array.from({ length: 30 }, (_, at) =>
      device('audioinput', `${at}`.padStart(3, '0').padEnd(200, 'x')),
    );
    stream.value = camera('c'.repeat(500));
    start();
    await expectReports(1);
    const { camera: name, sound } = last() as { camera: string; sound: string[] };
    expect([name.length, sound.length]).toEqual([100, 20]);
    expect(sound.every((label) => label.length === 100)).toBe(true);
  });

  it('are not sent without a camera, a session, or after the end', async () => {
    stream.value = null;
    start();
    await expectReports(0);
    stream.value = camera('内置摄像头');
    session.value = { session_id: 's1', state: 'submitted' } as Session;
    devices.dispatchEvent(new Event('devicechange'));
    await expectReports(0);
    session.value = null;
    devices.dispatchEvent(new Event('devicechange'));
    await expectReports(0);
  });

  it('work in a browser that knows nothing of batteries', async () => {
    vi.stubGlobal('navigator', { mediaDevices: devices });
    start();
    await expectReports(1);
    expect(last()?.charging).toBeNull();
  });

  it('end with the page', async () => {
    start();
    await expectReports(1);
    scope.stop();
    devices.list.push(device('audiooutput', '蓝牙耳机'));
    devices.dispatchEvent(new Event('devicechange'));
    await expectReports(1);
  });
});
