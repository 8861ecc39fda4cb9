import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { PhoneReport } from '../../shared/api/types';
import type { SecondView } from '../session/session';

/** The Battery Status API; not all browsers have it. */
interface Battery extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}
type WithBattery = Partial<{ getBattery: () => Promise<Battery> }>;

const LOW_LEVEL = 0.2;

/** The battery as a share 0..1, and whether it is low; null where the browser does not report it. */
export interface Charge {
  level: number;
  low: boolean;
}

/**
 * Send the phone's status regularly, and at once on a change (a heartbeat).
 * A lost report does no harm: the next one carries the same.
 */
export function useStatusReports(view: SecondView): ShallowRef<Charge | null> {
  const charge = shallowRef<Charge | null>(null);
  let battery: Battery | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function updateCharge(): void {
    if (!battery) return;
    charge.value = { level: battery.level, low: battery.level <= LOW_LEVEL && !battery.charging };
  }

  function buildReport(): PhoneReport {
    return {
      battery: battery?.level ?? null,
      charging: battery?.charging ?? null,
      orientation: innerWidth > innerHeight ? 'landscape' : 'portrait',
      visible: document.visibilityState === 'visible',
    };
  }

  function send(): void {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(send, view.session.value?.report_every ?? 15_000);
    void view.api
      .request((client) => client.POST('/phone/report', { body: buildReport() }))
      .catch(() => undefined);
  }

  function onBatteryChange(): void {
    updateCharge();
    send();
  }

  void (navigator as WithBattery).getBattery?.().then(
    (manager) => {
      if (closed) return;
      battery = manager;
      for (const event of ['levelchange', 'chargingchange'])
        manager.addEventListener(event, onBatteryChange);
      onBatteryChange();
    },
    () => undefined,
  );
  const landscape = matchMedia('(orientation: landscape)');
  landscape.addEventListener('change', send);
  document.addEventListener('visibilitychange', send);
  // After an interruption, report at once that the phone is back.
  watch(view.online, (online) => online && send());
  onScopeDispose(() => {
    closed = true;
    clearTimeout(timer);
    landscape.removeEventListener('change', send);
    document.removeEventListener('visibilitychange', send);
    for (const event of ['levelchange', 'chargingchange'])
      battery?.removeEventListener(event, onBatteryChange);
  });
  send();
  return charge;
}
