import { ApiError } from '../api/errors';
import { backoff } from '../backoff';
import type { ServerClock } from '../clock';
import { sha256 } from '../sha256';
import type { Traffic } from '../traffic';
import { createBitRate } from './bitRate';
import type { RecorderFormat } from './container';
import { GapJournal } from './gapJournal';
import {
  MAX_GAPS,
  MAX_PENDING,
  overlaps,
  type PlanQuery,
  type RecordingPlan,
  type Segment,
  type Track,
} from './model';
import { isSame, SegmentShelf } from './segmentShelf';
import type { SegmentStore } from './segmentStore';
import { createSegmentUploader, type Send } from './segmentUploader';
import { createTrackRecorders, type Hash } from './trackRecorders';
import type { TrackSource } from './trackSource';

/** In mode `flags`, what no flag has asked for within this time leaves the device unsent. */
const RING_MS = 180_000;
/** What other sessions have left on this device is deleted after a day. */
const LEFT_OVER_MS = 86_400_000;
/** A form that is over is not waited for until the next window. */
const AGAIN_MS = 12_000;
const BEAT_MS = 5_000;
/** The server bounds how often a plan is asked for. */
const SOON_MS = 1_000;
/** Where it refuses one for good, it is asked this rarely. */
const REFUSED_MS = 60_000;

export interface RecordingStatus {
  /** Tracks that are being recorded at this moment. */
  recording: readonly Track[];
  /** Segments that have yet to be uploaded. */
  waiting: number;
}

export interface RunnerOptions {
  sessionId: string;
  clock: Pick<ServerClock, 'now' | 'local'>;
  /** Null where this browser cannot record. */
  format: RecorderFormat | null;
  sources: Partial<Record<Track, TrackSource>>;
  fetchPlan: (query: PlanQuery) => Promise<RecordingPlan>;
  store: SegmentStore;
  /** Bytes that may still be added to the store. */
  room: () => Promise<number>;
  traffic: Traffic;
  onStatus: (status: RecordingStatus) => void;
  send?: Send;
  hash?: Hash;
  createRecorder?: (stream: MediaStream, options: MediaRecorderOptions) => MediaRecorder;
  random?: () => number;
}

/** Records a session's tracks, and brings what was recorded to the bucket. */
export interface RecordingRunner {
  start(): Promise<void>;
  /** Whether to record; what is on the device is uploaded in any case. */
  setRecording: (on: boolean) => void;
  /** The person leaves for good: what is still here is told as lost, and deleted. */
  abandon: () => Promise<void>;
  stop(): Promise<void>;
}

/**
 * Create the runner of one session; one tab of a device runs it at a time. Once a window it asks for
 * a plan, and tells what is missing; recorders and uploader go on by themselves in between.
 */
export function createRecordingRunner(options: RunnerOptions): RecordingRunner {
  const { sessionId, clock, store, format } = options;
  let keep: RecordingPlan['keep'] = [];
  let wanted = false;
  let stopped = false;
  let failures = 0;
  let asking = false;
  let nextAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let beat: ReturnType<typeof setInterval> | undefined;

  const journal = new GapJournal(sessionId, store);
  const bitRate = createBitRate(() => recorders.plannedBits());
  const shelf = new SegmentShelf({
    sessionId,
    store,
    room: options.room,
    onDropped: (gap) => journal.add(gap),
    onChange: notify,
  });
  const uploader = createSegmentUploader({
    shelf,
    bitRate,
    isWanted,
    traffic: options.traffic,
    onFormEnded: () => askWithin(AGAIN_MS),
    onGap: (gap) => journal.add(gap),
    local: () => clock.local(),
    ...(options.send && { send: options.send }),
    ...(options.random && { random: options.random }),
  });
  const recorders = createTrackRecorders({
    ...{ sessionId, clock, format, journal, shelf, sources: options.sources },
    hash: options.hash ?? (async (file) => sha256(await file.arrayBuffer())),
    share: () => bitRate.share,
    onKept: uploader.wake,
    onChange: notify,
    ...(options.createRecorder && { createRecorder: options.createRecorder }),
  });

  /** In mode `flags` only what lies around a flag leaves the device. */
  function isWanted(segment: Segment): boolean {
    return segment.mode !== 'flags' || keep.some((span) => overlaps(span, segment));
  }

  function notify(): void {
    options.onStatus({
      recording: recorders.active(),
      waiting: shelf.all.filter(isWanted).length,
    });
  }

  const hasWork = () => wanted || shelf.all.length > 0 || journal.gaps.length > 0;

  async function ask(): Promise<void> {
    if (asking || stopped) return;
    asking = true;
    clearTimeout(timer);
    try {
      await recorders.settle();
      const gaps = journal.gaps.slice(0, MAX_GAPS);
      const plan = await options.fetchPlan({
        container: format?.container ?? 'webm',
        tracks: wanted ? (Object.keys(options.sources) as Track[]) : [],
        pending: pending(),
        gaps,
      });
      failures = 0;
      journal.acknowledge(gaps);
      nextAt = plan.next_at;
      await apply(plan);
    } catch (error) {
      const pause = backoff(failures++, options.random, 2_000, 30_000);
      const isRefused = error instanceof ApiError && !error.retryable;
      nextAt = clock.now() + (isRefused ? REFUSED_MS : pause);
    } finally {
      asking = false;
      schedule();
      notify();
    }
  }

  const pending = () =>
    shelf.all
      .filter((segment) => segment.upload === null && isWanted(segment))
      .slice(0, MAX_PENDING)
      .map(({ track, segment_id }) => ({ track, segment_id }));

  async function apply(plan: RecordingPlan): Promise<void> {
    keep = plan.keep;
    shelf.setNeeded(keep);
    for (const { track, segment_id, upload } of plan.again) {
      const segment = shelf.all.find((own) => isSame(own, { track, segment_id }));
      if (segment) await shelf.replace({ ...segment, upload });
    }
    for (const segment of shelf.all)
      if (plan.dropped.includes(segment.segment_id)) await shelf.remove(segment);
    if (!stopped && wanted) recorders.record(plan);
    await dropUnwanted();
    uploader.wake();
  }

  async function dropUnwanted(): Promise<void> {
    const before = clock.now() - RING_MS;
    for (const segment of shelf.all)
      if (segment.ended_at < before && !isWanted(segment)) await shelf.remove(segment);
  }

  function schedule(): void {
    clearTimeout(timer);
    if (stopped || !hasWork()) return;
    const remaining = Math.min(Math.max(nextAt - clock.now(), SOON_MS), REFUSED_MS);
    timer = setTimeout(() => void ask(), remaining);
  }

  function askWithin(ms: number): void {
    nextAt = Math.min(nextAt, clock.now() + ms);
    if (!asking) schedule();
  }

  return {
    async start() {
      await shelf.open();
      await journal.open();
      void store.prune(sessionId, clock.now() - LEFT_OVER_MS).catch(() => undefined);
      beat = setInterval(uploader.wake, BEAT_MS);
      uploader.wake();
      if (hasWork()) await ask();
    },
    setRecording(on) {
      if (on === wanted) return;
      wanted = on;
      if (on) askWithin(0);
      else void recorders.stop().then(() => askWithin(SOON_MS));
    },
    async abandon() {
      for (const segment of shelf.all) {
        const { track, began_at, ended_at } = segment;
        if (isWanted(segment)) journal.add({ track, began_at, ended_at, reason: 'upload_expired' });
        await shelf.remove(segment);
      }
      if (journal.gaps.length > 0) await ask();
      await store.deleteSession(sessionId).catch(() => undefined);
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      clearTimeout(timer);
      clearInterval(beat);
      await recorders.stop();
      uploader.stop();
    },
  };
}
