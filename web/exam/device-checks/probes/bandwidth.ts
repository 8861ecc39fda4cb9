/** The line: how fast a file goes to the media bucket and comes back, and how far the API is. */
import type { Upload } from '../../../shared/api/types';
import { timeoutSignal } from '../../../shared/backoff';
import { download, postForm } from '../../../shared/media/upload';
import type { Measurement } from './computer';

const SMALL_BYTES = 1_000;
const LARGE_BYTES = 2_000_000;
const ATTEMPTS = 3;
/** Faster than any line that matters; a loopback would otherwise show absurd numbers. */
const MAX_MBIT = 1_000;

type Now = () => number;

/** The way there and back to the API, ms: the middle of three, after one that opens the line. */
export async function measureLatency(
  ping: () => Promise<unknown>,
  now: Now = () => performance.now(),
): Promise<Measurement> {
  const durations: number[] = [];
  for (let attempt = 0; attempt <= ATTEMPTS; attempt += 1) {
    const startedAt = now();
    await ping();
    if (attempt > 0) durations.push(now() - startedAt);
  }
  durations.sort((first, second) => first - second);
  return { value: Math.round(durations[Math.floor(durations.length / 2)] ?? 0) };
}

/** Mbit/s of `bytes` in `ms`, without the `overhead` that a small file takes too. */
export function mbitPerSecond(bytes: number, ms: number, overhead: number): number {
  // A lucky measurement of the overhead must not make the line look endless.
  const transferMs = Math.max(ms - overhead, ms / 2, 1);
  return Math.min(Math.round((bytes * 8) / transferMs / 100) / 10, MAX_MBIT);
}

/** Send a file of random bytes by the path that pictures take. Null where it did not arrive. */
export async function measureUpload(
  form: Upload,
  send = postForm,
  now: Now = () => performance.now(),
) {
  const overhead = await timeIt(() => send(form, randomBytes(SMALL_BYTES)), now);
  const duration = await timeIt(() => send(form, randomBytes(LARGE_BYTES)), now);
  if (overhead === null || duration === null) return { value: null };
  return { value: mbitPerSecond(LARGE_BYTES, duration, overhead) };
}

/** Read that file again. */
export async function measureDownload(
  url: string,
  get: (url: string) => Promise<number> = read,
  now: Now = () => performance.now(),
): Promise<Measurement> {
  try {
    const startedAt = now();
    const bytes = await get(url);
    return { value: mbitPerSecond(bytes, now() - startedAt, 0) };
  } catch {
    return { value: null };
  }
}

async function read(url: string): Promise<number> {
  const response = await download(url, { cache: 'no-store', signal: timeoutSignal(30_000) });
  return (await response.arrayBuffer()).byteLength;
}

async function timeIt(act: () => Promise<boolean>, now: Now): Promise<number | null> {
  const startedAt = now();
  return (await act()) ? now() - startedAt : null;
}

/** Bytes that nothing on the way can make smaller. */
function randomBytes(bytes: number): Blob {
  const pieces: BlobPart[] = [];
  for (let remaining = bytes; remaining > 0; remaining -= 65_536) {
    pieces.push(crypto.getRandomValues(new Uint8Array(Math.min(remaining, 65_536))));
  }
  return new Blob(pieces);
}
