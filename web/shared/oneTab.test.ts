import { afterEach, expect, it, vi } from 'vitest';
import { aborted, runInOneTab } from './oneTab';

afterEach(() => vi.unstubAllGlobals());

type Work = () => Promise<void>;
/** Run something under locks of a kind, and tell how often it started. */
async function startsWith(locks: unknown, abort = new AbortController()): Promise<number> {
  let starts = 0;
  vi.stubGlobal('navigator', { locks });
  runInOneTab('name', abort.signal, () => {
    starts += 1;
    return aborted(abort.signal);
  });
  await new Promise((resolve) => setTimeout(resolve));
  abort.abort();
  return starts;
}

it('runs where the lock is given', async () => {
  expect(await startsWith({ request: (_: string, __: unknown, work: Work) => work() })).toBe(1);
});

it('waits where another tab has the lock', async () => {
  expect(await startsWith({ request: () => new Promise(() => undefined) })).toBe(0);
});

it.each([undefined, { request: () => Promise.reject(new DOMException('', 'SecurityError')) }])(
  'runs where the browser lends no locks',
  async (locks) => {
    expect(await startsWith(locks)).toBe(1);
  },
);

it('does not run once nobody wants it', async () => {
  const abort = new AbortController();
  abort.abort();
  expect(await startsWith(undefined, abort)).toBe(0);
});
