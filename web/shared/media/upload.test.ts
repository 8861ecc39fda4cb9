import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Upload } from '../api/types';
import { download, upload } from './upload';

const FORM: Upload = {
  capture_id: 'c1',
  content_type: 'image/jpeg',
  fields: { key: 'k' },
  largest: 100,
  url: 'https://media.test/',
};
const PICTURE = new Blob(['x']);
const ARRIVED = () => new Response(null, { status: 204, headers: { ETag: '"5d41"' } });
const PORTAL = () => new Response('<html>请先登录网络</html>');

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Upload while the answers come one after another, the last again and again. */
async function uploadWith(answers: (() => Response | Promise<Response>)[], patienceMs?: number) {
  let tries = 0;
  let failures = 0;
  const uploading = upload(FORM, PICTURE, {
    ...(patienceMs === undefined ? {} : { patienceMs }),
    onFailure: () => (failures += 1),
    send: () => Promise.resolve((answers[tries++] ?? answers.at(-1) ?? ARRIVED)()),
  });
  await vi.runAllTimersAsync();
  return { arrived: await uploading, tries, failures };
}

describe('an upload', () => {
  it('arrives when the bucket says so', async () => {
    expect(await uploadWith([ARRIVED])).toEqual({ arrived: true, tries: 1, failures: 0 });
  });

  it.each([
    ['a login page', PORTAL],
    ['a proxy that says 204', () => new Response(null, { status: 204 })],
    ['a login page with a mark', () => new Response('', { headers: { ETag: 'W/"1"' } })],
    ['a firewall', () => new Response('<html>', { status: 405 })],
    ['nobody', () => Promise.reject(new TypeError('offline'))],
  ])('has not arrived where %s answers, and is tried again', async (_, answer) => {
    const seen = await uploadWith([answer, answer, ARRIVED]);
    expect(seen).toEqual({ arrived: true, tries: 3, failures: 2 });
  });

  it('is given up when its form is over', async () => {
    const seen = await uploadWith([PORTAL], 60_000);
    expect(seen.arrived).toBe(false);
    expect(seen.tries).toBeGreaterThan(4);
    expect(seen.failures).toBe(seen.tries);
  });

  it('is not sent where the form takes none so large', async () => {
    const large = new Blob(['x'.repeat(101)]);
    expect(await upload(FORM, large, { send: () => Promise.reject(new Error('sent')) })).toBe(
      false,
    );
  });
});

it('what a login page answers is no file of the bucket', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(PORTAL()));
  await expect(download('https://media.test/papers/x.png')).rejects.toThrow('200');
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('x', { headers: { ETag: '"1"' } })));
  expect(await (await download('https://media.test/papers/x.png')).text()).toBe('x');
});
