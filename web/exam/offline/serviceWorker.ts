/** The exam page's service worker: the page opens without a network, too. Built apart: offline.ts. */
import { createShelf, type Contents } from './pageCache';

/** What the build puts in. */
declare const __CONTENTS__: Contents;

// The compiler knows the globals of pages only; these are a worker's.
interface Lasting extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}

interface Fetched extends Lasting {
  readonly request: Request;
  respondWith: (answer: Promise<Response>) => void;
}

interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim: () => Promise<void> };
  skipWaiting: () => Promise<void>;
  addEventListener(type: 'install' | 'activate', act: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', act: (event: Fetched) => void): void;
}

const worker = self as unknown as Worker;
const shelf = createShelf(__CONTENTS__, {
  caches,
  fetch: (address, init) => fetch(address, init),
  here: location.href,
});

async function install(): Promise<void> {
  await shelf.fill(worker.registration.active !== null);
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  await shelf.tidy();
  await worker.clients.claim();
}

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (event) => {
  const answer = shelf.answer(event.request, () => fetch(event.request));
  if (answer) event.respondWith(answer);
});
