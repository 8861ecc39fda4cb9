import { createHash } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Segment } from '../../shared/api/types';
import { T0 } from '../tests/factories';
import { makeRecording, segmentsBefore } from '../tests/segments';
import { downloadRecordings, type DownloadOptions } from './recordingZip';

const MINUTE = 60_000;
const contentOf = (url: string) => new TextEncoder().encode(`film of ${url}`);
const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const recording = makeRecording(T0, T0 + 10 * MINUTE).map((segment) => ({
  ...segment,
  sha256: hashOf(contentOf(segment.url)),
}));

function setUp(segments: readonly Segment[] = recording, options: Partial<DownloadOptions> = {}) {
  const saved: { name: string; content: Blob }[] = [];
  const progress: number[] = [];
  const abort = new AbortController();
  const download = () =>
    downloadRecordings({
      range: { begin: T0 + MINUTE, end: T0 + 3 * MINUTE },
      name: 'recording-1',
      readPage: (before) => Promise.resolve(segmentsBefore(segments, before)),
      fetchFile: (url) => Promise.resolve(contentOf(url).buffer),
      save: (content, name) => saved.push({ content, name }),
      onProgress: ({ fraction }) => progress.push(fraction),
      pause: () => Promise.resolve(),
      signal: abort.signal,
      ...options,
    });
  const files = async (index = 0) =>
    unzipSync(new Uint8Array((await saved[index]?.content.arrayBuffer()) ?? new ArrayBuffer()));
  return { saved, progress, abort, download, files };
}

describe('a downloaded range', () => {
  it('has every segment of it, and a list of times and hashes that matches', async () => {
    const { download, saved, files, progress } = setUp();
    const outcome = await download();
    expect(outcome).toMatchObject({ parts: 1, files: 24, differing: 0, missing: 0, fraction: 1 });
    expect(saved[0]?.name).toBe('recording-1-1.zip');
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    const content = await files();
    const sums = strFromU8(content.SHA256SUMS ?? new Uint8Array())
      .trim()
      .split('\n')
      .map((line) => line.split('  '));
    expect(sums).toHaveLength(24);
    for (const [hash, file = ''] of sums)
      expect(hashOf(content[file] ?? new Uint8Array())).toBe(hash);
    const [head, ...rows] = strFromU8(content['segments.csv'] ?? new Uint8Array())
      .trim()
      .split('\n');
    expect(head).toContain('file,track,began_at,ended_at');
    expect(rows).toHaveLength(24);
    expect(rows[0]).toContain(new Date(T0 + MINUTE + 100).toISOString());
    expect(rows.every((row) => row.endsWith('as_recorded'))).toBe(true);
  });

  it('says which files differ from the record, and which are gone', async () => {
    const [, changed, gone] = recording.filter((segment) => segment.track === 'second').slice(-9);
    const { download, files } = setUp(recording, {
      range: { begin: T0, end: T0 + 2 * MINUTE },
      fetchFile(url) {
        if (url === gone?.url) return Promise.reject(new Error('404'));
        return Promise.resolve(contentOf(url === changed?.url ? 'another' : url).buffer);
      },
    });
    expect(await download()).toMatchObject({ differing: 1, missing: 1, files: 23 });
    const list = strFromU8((await files())['segments.csv'] ?? new Uint8Array());
    expect(list.match(/,differs\n/g)).toHaveLength(1);
    expect(list).toMatch(/^,second,.*,missing$/m);
  });

  it('takes no more memory than a part', async () => {
    const { download, saved, files } = setUp(recording, {
      range: { begin: T0, end: T0 + 10 * MINUTE },
      partBytes: 4_000,
    });
    const { parts } = await download();
    expect(parts).toBeGreaterThan(2);
    expect(saved).toHaveLength(parts);
    expect(saved.every(({ content }) => content.size < 20_000)).toBe(true);
    const names = await Promise.all(saved.map(async (_, index) => Object.keys(await files(index))));
    expect(names.flat().filter((name) => name.endsWith('.webm'))).toHaveLength(120);
    expect(names.every((inPart) => inPart.includes('SHA256SUMS'))).toBe(true);
  });

  it('is stopped at once, and saves nothing half', async () => {
    const { download, saved, abort } = setUp(recording, {
      onProgress: () => abort.abort(),
    });
    await expect(download()).rejects.toThrow('cancelled');
    expect(saved).toHaveLength(0);
  });

  it('without recordings makes no file', async () => {
    const { download, saved } = setUp([]);
    expect(await download()).toMatchObject({ parts: 0, files: 0 });
    expect(saved).toHaveLength(0);
  });
});
