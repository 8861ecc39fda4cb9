import type { Upload } from '../api/types';
import { sleep } from '../backoff';

const RETRY_AFTER_MS = 1_000;
const TIMEOUT_MS = 30_000;

type Send = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Upload a file by its signed form, trying once more if that fails.
 * Returns whether it arrived; the server notices by itself what did not.
 */
export async function upload(
  form: Upload,
  file: Blob,
  send: Send = (url, init) => fetch(url, init),
): Promise<boolean> {
  if (file.size > form.largest) return false;
  if (await postForm(form, file, send)) return true;
  await sleep(RETRY_AFTER_MS);
  return postForm(form, file, send);
}

/** Post a file by its signed form, once; returns whether it arrived. */
export async function postForm(
  form: Upload,
  file: Blob,
  send: Send = (url, init) => fetch(url, init),
): Promise<boolean> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', new Blob([file], { type: form.content_type }));
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return (await send(form.url, { method: 'POST', body, signal })).ok;
  } catch {
    return false;
  }
}
