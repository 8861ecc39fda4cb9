import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { T0 } from '../tests/factories';
import { makeSegment } from '../tests/segments';
import { createSegmentFiles } from './segmentFiles';

const [first, second, third] = [
  makeSegment(T0),
  makeSegment(T0 + 10_000),
  makeSegment(T0 + 20_000),
];

/** Addresses that were made and not let go yet. */
let urls: Set<string>;
beforeEach(() => {
  urls = new Set();
  let made = 0;
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:${++made}`;
    urls.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void urls.delete(url));
});
afterEach(() => vi.restoreAllMocks());

function setUp({ failures = 0 } = {}) {
  const asked: string[] = [];
  const signals: AbortSignal[] = [];
  let left = failures;
  const files = createSegmentFiles({
    onChange: () => undefined,
    fetchFile(url, signal) {
      asked.push(url);
      signals.push(signal);
      return left-- > 0 ? Promise.reject(new Error('lost')) : Promise.resolve(new Blob(['film']));
    },
    pause: () => Promise.resolve(),
  });
  return { files, asked, signals };
}

describe('the files of segments', () => {
  it('are fetched once, and let go when they are no longer wanted', async () => {
    const { files, asked } = setUp();
    files.want([first, second]);
    await vi.waitFor(() => expect(files.urlOf(second)).not.toBeNull());
    files.want([second, third]);
    await vi.waitFor(() => expect(files.urlOf(third)).not.toBeNull());
    expect(asked).toEqual([first.url, second.url, third.url]);
    expect(files.urlOf(first)).toBeNull();
    expect(files.size()).toBe(2);
    expect(urls.size).toBe(2);
    files.release();
    expect(urls.size).toBe(0);
  });

  it('of two tracks at one time are two', async () => {
    const { files } = setUp();
    const screen = makeSegment(T0, { track: 'screen' });
    files.want([first, screen]);
    await vi.waitFor(() => expect(urls.size).toBe(2));
    expect(files.urlOf(first)).not.toBe(files.urlOf(screen));
  });

  it('that are left on their way are given up, and hold nothing', async () => {
    const { files, signals } = setUp();
    files.want([first]);
    files.want([]);
    await Promise.resolve();
    expect(signals[0]?.aborted).toBe(true);
    await Promise.resolve();
    expect(urls.size).toBe(0);
  });

  it('that do not come are asked for again, three times at most', async () => {
    const lost = setUp({ failures: 1 });
    lost.files.want([first]);
    await vi.waitFor(() => expect(lost.files.urlOf(first)).not.toBeNull());
    expect(lost.files.hasFailed(first)).toBe(false);
    const gone = setUp({ failures: 9 });
    gone.files.want([first]);
    await vi.waitFor(() => expect(gone.files.hasFailed(first)).toBe(true));
    expect(gone.asked).toHaveLength(3);
  });
});
