/**
 * The files of the segments that play now and next: fetched whole, so that seeking within one asks
 * nobody, and let go as soon as the replay has left them.
 */
import { sleep } from '../../shared/backoff';
import { download } from '../../shared/media/upload';
import type { Segment } from '../../shared/api/types';

const MAX_TRIES = 3;
const RETRY_MS = 1_500;

interface SegmentFile {
  readonly abort: AbortController;
  url: string | null;
  failed: boolean;
}

export interface SegmentFileOptions {
  readonly onChange: () => void;
  readonly fetchFile?: (url: string, signal: AbortSignal) => Promise<Blob>;
  readonly pause?: (ms: number) => Promise<unknown>;
}

export interface SegmentFiles {
  /** Fetch these, the first ones first, and let go of all others. */
  want(segments: readonly Segment[]): void;
  /** Where a segment's file plays from; null until it has come. */
  urlOf(segment: Segment): string | null;
  hasFailed(segment: Segment): boolean;
  /** How many files are kept, for tests. */
  size(): number;
  release(): void;
}

/** A segment's name among all tracks. */
export const keyOf = (segment: Segment) => `${segment.track}/${segment.segment_id}`;

export function createSegmentFiles({
  onChange,
  fetchFile = async (url, signal) => (await download(url, { signal })).blob(),
  pause = sleep,
}: SegmentFileOptions): SegmentFiles {
  const files = new Map<string, SegmentFile>();

  async function load(segment: Segment, file: SegmentFile): Promise<void> {
    const { signal } = file.abort;
    const isWanted = () => !signal.aborted;
    for (let tries = 1; isWanted(); tries++) {
      try {
        const content = await fetchFile(segment.url, signal);
        if (isWanted()) file.url = URL.createObjectURL(content);
        break;
      } catch {
        file.failed = tries >= MAX_TRIES;
        if (file.failed) break;
        await pause(RETRY_MS);
      }
    }
    if (isWanted()) onChange();
  }

  function drop(key: string, file: SegmentFile): void {
    files.delete(key);
    file.abort.abort();
    if (file.url) URL.revokeObjectURL(file.url);
  }

  function want(segments: readonly Segment[]): void {
    const wanted = new Map(segments.map((segment) => [keyOf(segment), segment]));
    for (const [key, file] of files) if (!wanted.has(key)) drop(key, file);
    for (const [key, segment] of wanted) {
      if (files.has(key)) continue;
      const file = { abort: new AbortController(), url: null, failed: false };
      files.set(key, file);
      void load(segment, file);
    }
  }

  return {
    want,
    urlOf: (segment) => files.get(keyOf(segment))?.url ?? null,
    hasFailed: (segment) => files.get(keyOf(segment))?.failed ?? false,
    size: () => files.size,
    release: () => want([]),
  };
}
