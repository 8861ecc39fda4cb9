/** The exam page's service worker: the page opens without a network, too. Built on its own: vitePlugin.ts. */
import { createPageCache, type PageManifest } from './pageCache';

/** What the build puts in. */
declare const __CONTENTS__: PageManifest;

// The compiler knows the globals of pages only; these are a worker's.
interface WorkerEvent extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}

interface WorkerFetchEvent extends WorkerEvent {
  readonly request: Request;
  respondWith: (answer: Promise<Response>) => void;
}

interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim: () => Promise<void> };
  skipWaiting: () => Promise<void>;
  addEventListener(type: 'install' | 'activate', act: (event: WorkerEvent) => void): void;
  addEventListener(type: 'fetch', act: (event: WorkerFetchEvent) => void): void;
}

const worker = self as unknown as Worker;
const pageCache = createPageCache(__CONTENTS__, {
  caches,
  fetch: (address, init) => fetch(address, init),
  workerUrl: location.href,
});

async function install(): Promise<void> {
  await pageCache.populate(worker.registration.active !== null);
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  await pageCache.deleteOldVersions();
  await worker.clients.claim();
}

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (event) => {
  const answer = pageCache.respond(event.request, () => fetch(event.request));
  if (answer) event.respondWith(answer);
});
