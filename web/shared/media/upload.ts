import type { Upload } from '../api/types';
import { backoff, sleep, timeoutSignal } from '../backoff';
import { traffic } from '../traffic';

const TIMEOUT_MS = 30_000;
/** How long a person waits for a file that does not arrive. */
const PATIENCE_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 15_000;
/** S3's status for a form that arrived. */
const NO_CONTENT = 204;

type Send = (url: string, init: RequestInit) => Promise<Response>;

export interface UploadOptions {
  /** How long to keep trying, ms: a form is valid for a while. */
  patienceMs?: number;
  /** A try did not arrive. */
  onFailure?: () => void;
  send?: Send;
}

/**
 * Whether the bucket itself answered: it names what it holds by an ETag. A login page that answers
 * 200 in its place holds nothing.
 */
export function isBucketResponse(response: Response): boolean {
  return response.ok && response.headers.has('ETag');
}

/**
 * Upload a file by its signed form, trying again with growing pauses while patience lasts.
 * Returns whether it arrived; the server notices by itself what did not.
 */
export async function upload(
  form: Upload,
  file: Blob,
  { patienceMs = PATIENCE_MS, onFailure, send }: UploadOptions = {},
): Promise<boolean> {
  if (file.size > form.largest) return false;
  const until = performance.now() + patienceMs;
  for (let failures = 0; ; failures += 1) {
    if (await traffic.urgent('capture', () => postForm(form, file, send))) return true;
    onFailure?.();
    const pause = backoff(failures, Math.random, FIRST_RETRY_MS, MAX_RETRY_MS);
    if (performance.now() + pause > until) return false;
    await sleep(pause);
  }
}

/** The request that posts a file: the signed fields, what is told of it beside them, the file last. */
export function postOf(
  form: Upload,
  file: Blob,
  signal: AbortSignal | null,
  told: Readonly<Record<string, string>> = {},
): RequestInit {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...form.fields, ...told })) body.append(name, value);
  body.append('file', new Blob([file], { type: form.content_type }));
  return { method: 'POST', body, signal, redirect: 'error' };
}

/** Whether the bucket has the file that was posted. */
export const hasArrived = (response: Response) =>
  response.status === NO_CONTENT && isBucketResponse(response);

/** Post a file by its signed form, once; returns whether it arrived. */
export async function postForm(
  form: Upload,
  file: Blob,
  send: Send = (url, init) => fetch(url, init),
): Promise<boolean> {
  try {
    return hasArrived(await send(form.url, postOf(form, file, timeoutSignal(TIMEOUT_MS))));
  } catch {
    return false;
  }
}

/** Read a file from its signed address; throws where it was not the bucket that answered. */
export async function download(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, { redirect: 'error', ...init });
  if (!isBucketResponse(response))
    throw new Error(`not an answer of the bucket: ${response.status}`);
  return response;
}
