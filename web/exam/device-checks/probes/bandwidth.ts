/** The line: how fast a file goes to the media bucket and comes back, and how far the API is. */
import type { Upload } from '../../../shared/api/types';
import { post } from '../../../shared/media/upload';
import type { Measured } from './computer';

const SMALL = 1_000;
const LARGE = 2_000_000;
const TRIES = 3;
/** Faster than any line that matters; a loopback would otherwise show absurd numbers. */
const FASTEST = 1_000;

type Now = () => number;

/** The way there and back to the API, ms: the middle of three, after one that opens the line. */
export async function latency(
  ask: () => Promise<unknown>,
  now: Now = () => performance.now(),
): Promise<Measured> {
  const took: number[] = [];
  for (let tries = 0; tries <= TRIES; tries += 1) {
    const began = now();
    await ask();
    if (tries > 0) took.push(now() - began);
  }
  took.sort((left, other) => left - other);
  return { value: Math.round(took[Math.floor(took.length / 2)] ?? 0) };
}

/** Mbit/s of `bytes` in `ms`, without the `overhead` that a small file takes too. */
export function speed(bytes: number, ms: number, overhead: number): number {
  // A lucky measurement of the overhead must not make the line look endless.
  const pure = Math.max(ms - overhead, ms / 2, 1);
  return Math.min(Math.round((bytes * 8) / pure / 100) / 10, FASTEST);
}

/** Send a file of random bytes by the path that pictures take. Null where it did not arrive. */
export async function up(form: Upload, send = post, now: Now = () => performance.now()) {
  const overhead = await timed(() => send(form, noise(SMALL)), now);
  const took = await timed(() => send(form, noise(LARGE)), now);
  if (overhead === null || took === null) return { value: null };
  return { value: speed(LARGE, took, overhead) };
}

/** Read that file again. */
export async function down(
  url: string,
  get: (url: string) => Promise<number> = read,
  now: Now = () => performance.now(),
): Promise<Measured> {
  try {
    const began = now();
    const bytes = await get(url);
    return { value: speed(bytes, now() - began, 0) };
  } catch {
    return { value: null };
  }
}

async function read(url: string): Promise<number> {
  const answer = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.arrayBuffer()).byteLength;
}

async function timed(act: () => Promise<boolean>, now: Now): Promise<number | null> {
  const began = now();
  return (await act()) ? now() - began : null;
}

/** Bytes that nothing on the way can make smaller. */
function noise(bytes: number): Blob {
  const pieces: BlobPart[] = [];
  for (let left = bytes; left > 0; left -= 65_536) {
    pieces.push(crypto.getRandomValues(new Uint8Array(Math.min(left, 65_536))));
  }
  return new Blob(pieces);
}
