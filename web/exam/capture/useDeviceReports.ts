import { onScopeDispose, watch, type ShallowRef } from 'vue';
import type { State } from '../../shared/api/types';
import type { ExamSession } from '../session/session';

interface Power extends EventTarget {
  charging: boolean;
}
type WithBattery = Partial<{ getBattery: () => Promise<Power> }>;

const SOUND_KINDS: ReadonlySet<string> = new Set(['audioinput', 'audiooutput']);
const ENDED: ReadonlySet<State> = new Set<State>(['submitted', 'timed_out', 'terminated']);
const MAX_NAMES = 20;
const MAX_NAME = 100;
/** Devices that are connected tell of themselves several times. */
const SETTLE_MS = 1_000;
const RETRY_MS = 30_000;

/** Tell the proctor which camera is in use, and when sound devices or the power cord change. */
export function useDeviceReports(
  exam: ExamSession,
  stream: Readonly<ShallowRef<MediaStream | null>>,
): void {
  const { mediaDevices } = navigator as Partial<Navigator>;
  let power: Power | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sent = '';

  async function report(): Promise<void> {
    const state = exam.session.value?.state;
    const camera = stream.value?.getVideoTracks()[0]?.label ?? '';
    // Names are told only to a page that may use a camera.
    if (!state || ENDED.has(state) || !camera) return;
    const devices = (await mediaDevices?.enumerateDevices()) ?? [];
    const names = devices
      .filter((device) => SOUND_KINDS.has(device.kind) && device.label)
      .map((device) => device.label.slice(0, MAX_NAME));
    const body = {
      camera: camera.slice(0, MAX_NAME),
      sound: [...new Set(names)].sort().slice(0, MAX_NAMES),
      charging: power?.charging ?? null,
    };
    const text = JSON.stringify(body);
    if (text === sent) return;
    try {
      await exam.api.request((client) => client.POST('/candidate/devices', { body }));
      sent = text;
    } catch {
      schedule(RETRY_MS);
    }
  }

  function schedule(ms = SETTLE_MS): void {
    clearTimeout(timer);
    timer = setTimeout(() => void report().catch(() => undefined), ms);
  }
  const onChange = () => schedule();

  watch([stream, () => exam.session.value?.session_id], onChange, { immediate: true });
  mediaDevices?.addEventListener('devicechange', onChange);
  void (navigator as WithBattery).getBattery?.().then(
    (battery) => {
      power = battery;
      battery.addEventListener('chargingchange', onChange);
      onChange();
    },
    () => undefined,
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    mediaDevices?.removeEventListener('devicechange', onChange);
    power?.removeEventListener('chargingchange', onChange);
  });
}
