import { watch } from 'vue';
import type { ExamSession } from '../session/session';
import { whenIdle } from '../screenLoader';
import { setExamLock, isExamLocked, clearExamLock } from './examLock';
import { FINAL_STATES } from '../../shared/finalStates';

const WORKER = './sw.js';

/** Keep the page on this device from signing in to the end, so that it opens without a network. */
export function cacheExamPage(exam: ExamSession): void {
  // A browser without workers, as on an address that is not secure, does without.
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const isUnderWay = () =>
    exam.session.value !== null && !FINAL_STATES.has(exam.session.value.state);
  watch(
    isUnderWay,
    (on) => {
      if (on) whenIdle(() => void cacheAndLock(isUnderWay).catch(() => undefined));
      else void clearExamLock(caches).catch(() => undefined);
    },
    { immediate: true },
  );
}

/** Have the newest version whole on the device, then hold it. */
async function cacheAndLock(isNeeded: () => boolean): Promise<void> {
  const registration = await navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' });
  if (await isExamLocked(caches)) return;
  if (registration.active) await registration.update();
  await waitForWorker(registration.installing);
  if (isNeeded() && registration.active) await setExamLock(caches);
}

/** Wait until a worker works, or has given up. */
function waitForWorker(worker: ServiceWorker | null): Promise<void> {
  return new Promise((resolve) => {
    const checkState = () => {
      if (worker && worker.state !== 'activated' && worker.state !== 'redundant') return;
      worker?.removeEventListener('statechange', checkState);
      resolve();
    };
    worker?.addEventListener('statechange', checkState);
    checkState();
  });
}
