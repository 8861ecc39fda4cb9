/**
 * Recordings as files: zips of segments that each play alone, with a list of their times and
 * hashes. Read a page at a time and written in parts, so that three hours take no more memory than
 * one part. Fetched when somebody downloads.
 */
import { strToU8, Zip, ZipPassThrough } from 'fflate';
import { sleep } from '../../shared/backoff';
import { download } from '../../shared/media/upload';
import { sha256 } from '../../shared/sha256';
import type { Segment } from '../../shared/api/types';
import type { CutRange } from './cut';
import { endOf, slotOf, type SegmentsPage } from './segments';

/** A part is saved once it is this large. */
const PART_BYTES = 200_000_000;
const MAX_TRIES = 3;
const RETRY_MS = 1_500;
/** A segment's own times differ from its slot by no more. */
const TOLERANCE_MS = 20_000;

export interface DownloadProgress {
  /** From 0 to 1, by the time that is covered. */
  readonly fraction: number;
  readonly files: number;
  readonly bytes: number;
}

export interface DownloadOutcome extends DownloadProgress {
  readonly parts: number;
  /** Files whose content is not what the record has. */
  readonly differing: number;
  /** Segments of the record whose files cannot be fetched. */
  readonly missing: number;
}

export interface DownloadOptions {
  readonly range: CutRange;
  /** What the files are named after. */
  readonly name: string;
  /** A page of segments, newest first, from before an id or a time. */
  readonly readPage: (before: string) => Promise<SegmentsPage>;
  readonly save: (content: Blob, name: string) => void;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly signal: AbortSignal;
  readonly fetchFile?: (url: string, signal: AbortSignal) => Promise<ArrayBuffer>;
  readonly pause?: (ms: number) => Promise<unknown>;
  readonly partBytes?: number;
}

const COLUMNS = [
  'file',
  'track',
  'began_at',
  'ended_at',
  'began_ms',
  'ended_ms',
  'bytes',
  'sha256_of_record',
  'sha256_of_file',
  'error',
  'status',
];

/** Download all segments that overlap a range. Throws an AbortError where it is cancelled. */
export async function downloadRecordings(options: DownloadOptions): Promise<DownloadOutcome> {
  const { range, name, save, onProgress, signal, partBytes = PART_BYTES } = options;
  const span = Math.max(1, range.end - range.begin);
  let part = createPart();
  let progress: DownloadProgress = { fraction: 0, files: 0, bytes: 0 };
  let [parts, differing, missing] = [0, 0, 0];

  function finishPart(): void {
    if (part.isEmpty()) return;
    parts += 1;
    save(part.finish(), `${name}-${parts}.zip`);
    part = createPart();
  }

  for await (const segment of segmentsIn(options)) {
    const content = await fetchSegment(segment, options);
    stopIf(signal);
    const hash = content && (await sha256(content));
    if (!content) missing += 1;
    else if (hash !== segment.sha256) differing += 1;
    part.add(segment, content, hash);
    const covered = (range.end - slotOf(segment)) / span;
    progress = {
      fraction: Math.min(1, Math.max(progress.fraction, covered)),
      files: progress.files + (content ? 1 : 0),
      bytes: progress.bytes + (content?.byteLength ?? 0),
    };
    onProgress(progress);
    if (part.bytes() >= partBytes) finishPart();
  }
  finishPart();
  return { ...progress, fraction: 1, parts, differing, missing };
}

function stopIf(signal: AbortSignal): void {
  if (signal.aborted) throw new DOMException('cancelled', 'AbortError');
}

/** The segments that overlap a range, newest first. */
async function* segmentsIn({ range, readPage, signal }: DownloadOptions): AsyncGenerator<Segment> {
  let before: string | null = String(range.end + TOLERANCE_MS).padStart(13, '0');
  while (before !== null) {
    const page: SegmentsPage = await readPage(before);
    stopIf(signal);
    for (const segment of page.segments) {
      if (segment.began_at < range.end && endOf(segment) > range.begin) yield segment;
    }
    const oldest = page.segments.at(-1);
    const isPast = !oldest || slotOf(oldest) < range.begin - TOLERANCE_MS;
    before = isPast ? null : page.before;
  }
}

async function fetchSegment(
  segment: Segment,
  {
    signal,
    fetchFile = async (url, aborted) => (await download(url, { signal: aborted })).arrayBuffer(),
    pause = sleep,
  }: DownloadOptions,
): Promise<ArrayBuffer | null> {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    stopIf(signal);
    try {
      return await fetchFile(segment.url, signal);
    } catch {
      if (tries < MAX_TRIES) await pause(RETRY_MS);
    }
  }
  return null;
}

interface Part {
  add(segment: Segment, content: ArrayBuffer | null, hash: string | null): void;
  bytes(): number;
  isEmpty(): boolean;
  /** Return the zip, the list of its files in the order of time. */
  finish(): Blob;
}

function createPart(): Part {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const rows: { readonly at: number; readonly cells: readonly string[]; readonly sum: string }[] =
    [];
  let size = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(new Uint8Array(chunk));
    size += chunk.byteLength;
  });

  function put(path: string, content: Uint8Array): void {
    // Video is compressed already.
    const entry = new ZipPassThrough(path);
    zip.add(entry);
    entry.push(content, true);
  }

  return {
    add(segment, content, hash) {
      const file = `${segment.track}/${fileName(segment)}`;
      const isSame = hash === segment.sha256;
      const status = content === null ? 'missing' : isSame ? 'as_recorded' : 'differs';
      if (content) put(file, new Uint8Array(content));
      rows.push({
        at: segment.began_at,
        cells: [
          content ? file : '',
          segment.track,
          new Date(segment.began_at).toISOString(),
          new Date(segment.ended_at).toISOString(),
          String(segment.began_at),
          String(segment.ended_at),
          String(segment.size),
          segment.sha256,
          hash ?? '',
          segment.error ?? '',
          status,
        ],
        sum: hash ? `${hash}  ${file}` : '',
      });
    },
    bytes: () => size,
    isEmpty: () => rows.length === 0,
    finish() {
      rows.sort((a, b) => a.at - b.at);
      const table = [COLUMNS, ...rows.map((row) => row.cells)].map((cells) => cells.join(','));
      put('segments.csv', strToU8(lines(table)));
      put('SHA256SUMS', strToU8(lines(rows.map((row) => row.sum).filter(Boolean))));
      zip.end();
      return new Blob(chunks, { type: 'application/zip' });
    },
  };
}

const lines = (rows: readonly string[]) => rows.map((row) => `${row}\n`).join('');

/** Named so that files lie in the order of time: `20261130T101500Z-0123abcd.webm`. */
function fileName(segment: Segment): string {
  const time = new Date(segment.began_at).toISOString().replace(/[-:]|\.\d+/g, '');
  const suffix = segment.segment_id.split('-')[1] ?? segment.segment_id;
  const { pathname } = new URL(segment.url, 'https://media.invalid');
  return `${time}-${suffix}.${pathname.endsWith('.mp4') ? 'mp4' : 'webm'}`;
}
