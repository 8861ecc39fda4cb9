import { watch } from 'vue';
import { FINAL, type ExamSession } from '../session/session';
import { whenIdle } from '../screenLoader';
import { hold, isHeld, release } from './examLock';

const WORKER = './sw.js';

/** Keep the page on this device from signing in to the end, so that it opens without a network. */
export function keepPage(exam: ExamSession): void {
  // A browser without workers, as on an address that is not secure, does without.
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const underWay = () => exam.session.value !== null && !FINAL.has(exam.session.value.state);
  watch(
    underWay,
    (on) => {
      if (on) whenIdle(() => void keep(underWay).catch(() => undefined));
      else void release(caches).catch(() => undefined);
    },
    { immediate: true },
  );
}

/** Have the newest version whole on the device, then hold it. */
async function keep(wanted: () => boolean): Promise<void> {
  const registration = await navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' });
  if (await isHeld(caches)) return;
  if (registration.active) await registration.update();
  await settled(registration.installing);
  if (wanted() && registration.active) await hold(caches);
}

/** Wait until a worker works, or has given up. */
function settled(worker: ServiceWorker | null): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (worker && worker.state !== 'activated' && worker.state !== 'redundant') return;
      worker?.removeEventListener('statechange', look);
      resolve();
    };
    worker?.addEventListener('statechange', look);
    look();
  });
}
