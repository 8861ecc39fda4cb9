import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { PhoneReport } from '../../shared/api/types';
import type { SecondView } from '../session/session';

/** What browsers that tell of their battery have; others have nothing of it. */
interface Battery extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}
type WithBattery = Partial<{ getBattery: () => Promise<Battery> }>;

const LOW = 0.2;

/** The battery as a share 0..1, and whether it is low; null where the browser does not tell. */
export interface Charge {
  level: number;
  low: boolean;
}

/**
 * Say regularly, and at once when something changes, that the phone is there and how it is.
 * A report that is lost is no matter: the next one tells the same.
 */
export function useReports(view: SecondView): ShallowRef<Charge | null> {
  const charge = shallowRef<Charge | null>(null);
  let battery: Battery | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function note(): void {
    if (!battery) return;
    charge.value = { level: battery.level, low: battery.level <= LOW && !battery.charging };
  }

  function report(): PhoneReport {
    return {
      battery: battery?.level ?? null,
      charging: battery?.charging ?? null,
      orientation: innerWidth > innerHeight ? 'landscape' : 'portrait',
      visible: document.visibilityState === 'visible',
    };
  }

  function say(): void {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(say, view.session.value?.report_every ?? 15_000);
    void view.api
      .ask((client) => client.POST('/phone/report', { body: report() }))
      .catch(() => undefined);
  }

  function changed(): void {
    note();
    say();
  }

  void (navigator as WithBattery).getBattery?.().then(
    (found) => {
      if (closed) return;
      battery = found;
      for (const event of ['levelchange', 'chargingchange']) found.addEventListener(event, changed);
      changed();
    },
    () => undefined,
  );
  const turned = matchMedia('(orientation: landscape)');
  turned.addEventListener('change', say);
  document.addEventListener('visibilitychange', say);
  // After a silence the server should hear at once that the phone is back.
  watch(view.online, (online) => online && say());
  onScopeDispose(() => {
    closed = true;
    clearTimeout(timer);
    turned.removeEventListener('change', say);
    document.removeEventListener('visibilitychange', say);
    for (const event of ['levelchange', 'chargingchange'])
      battery?.removeEventListener(event, changed);
  });
  say();
  return charge;
}
