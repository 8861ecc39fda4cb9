import { backoff, sleep } from '../backoff';
import { hasArrived, postOf } from '../media/upload';
import type { Traffic } from '../traffic';
import type { BitRate } from './bitRate';
import type { Gap, Segment } from './model';
import type { SegmentShelf } from './segmentShelf';

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 20_000;
/** A segment on a very slow line takes its time; a line that is dead is noticed all the same. */
const TIMEOUT_MS = 90_000;
/** The bucket's word on a form that is over, or not valid. */
const REFUSED: ReadonlySet<number> = new Set([400, 403]);

export type Send = (url: string, init: RequestInit) => Promise<Response>;

export interface UploaderOptions {
  shelf: SegmentShelf;
  traffic: Traffic;
  bitRate: BitRate;
  /** Whether a segment may leave the device. */
  isWanted: (segment: Segment) => boolean;
  /** A form is over: ask for another. */
  onFormEnded: () => void;
  onGap: (gap: Gap) => void;
  local: () => number;
  send?: Send;
  random?: () => number;
}

export interface SegmentUploader {
  /** There may be something to send. */
  wake: () => void;
  stop(): void;
}

/**
 * Send segments one at a time, oldest first, and only while the line is not needed for anything
 * else: a request that waits makes the segment start again later. Nothing is dropped until the
 * bucket has it.
 */
export function createSegmentUploader(options: UploaderOptions): SegmentUploader {
  const { shelf, traffic, bitRate } = options;
  const send: Send = options.send ?? ((url, init) => fetch(url, init));
  let running = false;
  let stopped = false;
  let failures = 0;
  const closing = new AbortController();

  const next = () =>
    shelf.all.find((segment) => segment.upload !== null && options.isWanted(segment));
  const countWaiting = () => shelf.all.filter(options.isWanted).length;

  async function run(): Promise<void> {
    for (let segment = next(); segment && !stopped; segment = next()) {
      await traffic.quiet();
      if (await attempt(segment)) failures = 0;
      else await sleep(pause());
    }
  }

  function pause(): number {
    bitRate.stuck(countWaiting());
    return backoff(failures++, options.random, FIRST_RETRY_MS, MAX_RETRY_MS);
  }

  /** Returns whether it is settled; what is not is tried again. */
  async function attempt(segment: Segment): Promise<boolean> {
    const { upload: form } = segment;
    const file = await shelf.file(segment);
    if (!form) return true;
    if (!file || file.size > form.largest) {
      const { track, began_at, ended_at } = segment;
      await shelf.remove(segment);
      options.onGap({ track, began_at, ended_at, reason: file ? 'recorder_failed' : 'disk_full' });
      return true;
    }
    const beganAt = options.local();
    const outcome = await post(segment, form, file);
    if (outcome === 'arrived') {
      await shelf.remove(segment);
      bitRate.sent(file.size * 8, options.local() - beganAt, countWaiting());
    }
    if (outcome === 'refused') {
      await shelf.replace({ ...segment, upload: null });
      options.onFormEnded();
    }
    return outcome !== 'failed';
  }

  type Outcome = 'arrived' | 'refused' | 'gave_way' | 'failed';

  async function post(
    segment: Segment,
    form: NonNullable<Segment['upload']>,
    file: Blob,
  ): Promise<Outcome> {
    const abort = new AbortController();
    const giving = { way: false };
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    const close = () => abort.abort();
    closing.signal.addEventListener('abort', close, { once: true });
    const unsubscribe = traffic.onPressing(() => {
      giving.way = true;
      abort.abort();
    });
    try {
      const request = postOf(form, file, abort.signal, metadataOf(segment));
      const response = await send(form.url, request);
      if (hasArrived(response)) return 'arrived';
      return REFUSED.has(response.status) ? 'refused' : 'failed';
    } catch {
      return giving.way ? 'gave_way' : 'failed';
    } finally {
      clearTimeout(timer);
      closing.signal.removeEventListener('abort', close);
      unsubscribe();
    }
  }

  function wake(): void {
    if (running || stopped) return;
    running = true;
    void run().finally(() => {
      running = false;
      if (next()) wake();
    });
  }

  return {
    wake,
    stop() {
      stopped = true;
      closing.abort();
    },
  };
}

/** What the device says of a segment. */
const metadataOf = (segment: Segment) => ({
  'x-amz-meta-sha256': segment.sha256,
  'x-amz-meta-began-at': String(segment.began_at),
  'x-amz-meta-ended-at': String(segment.ended_at),
});
