import { within } from '../backoff';
import type { ServerClock } from '../clock';
import type { Coverage } from './coverage';
import { SLOT_MS, type Slot, type Span, type TrackPlan } from './model';
import { createPreparedStream, type TrackSource } from './trackSource';

/** What is left of a slot is worth a file of its own. */
const MIN_REST_MS = 2_000;
/** A timer that is this late: the page was frozen, or the device slept. */
const FROZEN_MS = 5_000;
/** How long a recorder may take to hand over what it has. */
const DELIVERY_MS = 8_000;
const BEAT_MS = 1_000;
/** So near to a boundary it is reached. */
const NEAR_MS = 5;
/** The clock may be set right a little, and slots still stand in order. */
const MAX_SLOTS = 40;

export interface Recording extends Span {
  slot: Slot;
  file: Blob;
}

export interface SegmentRecorderOptions {
  clock: Pick<ServerClock, 'now' | 'local'>;
  source: TrackSource;
  mimeType: string;
  /** How the next segment is recorded. */
  settings: () => TrackPlan;
  coverage: Coverage;
  /** Keep it; files are handed over in the order of their slots. */
  onRecorded: (recording: Recording) => Promise<void>;
  /** The slot after a given moment, where the plan has none. */
  ownSlot: (begins_at: number) => Slot | null;
  onStateChange?: (recording: boolean) => void;
  createRecorder?: (stream: MediaStream, options: MediaRecorderOptions) => MediaRecorder;
  wallClock?: () => number;
}

export interface SegmentRecorder {
  /** Add slots; those that are known already change nothing. */
  plan(slots: readonly Slot[]): void;
  start(): void;
  /** End the segment under way; resolves when it has been delivered. */
  stop(): Promise<void>;
  /** Tell as a gap what was not recorded until now, or until the segment under way began. */
  settle(): Promise<void>;
  /** Whether something is being recorded at this moment. */
  readonly recording: boolean;
}

/** One file under way. */
interface Take {
  beganAt: number;
  /** Stop it, and deliver it as ending at that moment. */
  finish(endedAt: number): Promise<void>;
}

/**
 * Record a track slot by slot, each into a file of its own. The next recorder starts before the one
 * before has stopped, so nothing between them is lost. What goes wrong is a gap: the next slot tries
 * again, and nothing is thrown.
 */
export function createSegmentRecorder(options: SegmentRecorderOptions): SegmentRecorder {
  const { clock, source, coverage } = options;
  const wallClock = options.wallClock ?? (() => Date.now());
  const createRecorder =
    options.createRecorder ?? ((stream, init) => new MediaRecorder(stream, init));
  const prepared = createPreparedStream();
  const slots = new Map<number, Slot>();
  let current: { slot: Slot; take: Take | null; used: boolean } | null = null;
  let running = false;
  let boundary: ReturnType<typeof setTimeout> | undefined;
  let beat: ReturnType<typeof setInterval> | undefined;
  let lastBeat = { local: 0, wall: 0, server: 0 };
  /** Files are delivered in the order of their slots. */
  let deliveries: Promise<unknown> = Promise.resolve();
  let wasRecording = false;

  const endOf = ({ begins_at, length }: Slot) => begins_at + length;

  function notify(): void {
    const recording = Boolean(current?.take);
    if (recording === wasRecording) return;
    wasRecording = recording;
    options.onStateChange?.(recording);
  }

  function slotAt(now: number): Slot | null {
    for (const [begins_at, slot] of slots) {
      if (endOf(slot) <= now + NEAR_MS) slots.delete(begins_at);
      else if (begins_at <= now + NEAR_MS) return slot;
    }
    if ([...slots.keys()].some((begins_at) => begins_at <= now + SLOT_MS)) return null;
    return options.ownSlot(now + NEAR_MS);
  }

  function advance(): void {
    clearTimeout(boundary);
    if (!running) return;
    checkFrozen();
    const now = clock.now();
    const former = current;
    const isOver = !former || now >= endOf(former.slot) - NEAR_MS;
    if (isOver) {
      const slot = slotAt(now);
      if (slot) slots.delete(slot.begins_at);
      current = slot ? { slot, take: null, used: false } : null;
    }
    if (current && !current.used && endOf(current.slot) - now >= MIN_REST_MS) begin(current, now);
    if (isOver) void former?.take?.finish(Math.min(now, endOf(former.slot)));
    notify();
    const next = current ? endOf(current.slot) : nextBegin(now);
    boundary = setTimeout(advance, Math.max(next - clock.now(), NEAR_MS));
  }

  function nextBegin(now: number): number {
    const begins = [...slots.keys()].filter((begins_at) => begins_at > now);
    return Math.min(now + BEAT_MS, ...begins);
  }

  /** Timers stood still: the time in between is missing, and the file under way ends where it did. */
  function checkFrozen(): void {
    const now = { local: clock.local(), wall: wallClock(), server: clock.now() };
    const late = Math.max(now.local - lastBeat.local, now.wall - lastBeat.wall) - BEAT_MS;
    const before = lastBeat;
    lastBeat = now;
    if (late < FROZEN_MS || !before.local) return;
    if (current) {
      const { take, slot } = current;
      const last = before.server + BEAT_MS;
      if (take) void take.finish(Math.min(last, endOf(slot)));
      current = { slot, take: null, used: true };
    }
    // Told once what was delivered before is counted.
    void deliveries.then(() => coverage.note('frozen'));
  }

  function begin(own: NonNullable<typeof current>, now: number): void {
    const stream = source.stream();
    if (!stream?.getVideoTracks().some(({ readyState }) => readyState === 'live')) {
      coverage.note(source.absence());
      return;
    }
    own.used = true;
    try {
      own.take = record(prepared.of(stream, options.settings()), own, now);
    } catch {
      coverage.note('recorder_failed');
    }
  }

  function record(stream: MediaStream, own: NonNullable<typeof current>, beganAt: number): Take {
    const { video_bits, audio_bits } = options.settings();
    const recorder = createRecorder(stream, {
      mimeType: options.mimeType,
      videoBitsPerSecond: video_bits,
      ...(audio_bits > 0 && { audioBitsPerSecond: audio_bits }),
    });
    const chunks: Blob[] = [];
    let failed = false;
    let finished: Promise<void> | null = null;
    const stopped = new Promise<void>((resolve) => (recorder.onstop = () => resolve()));
    const take: Take = { beganAt, finish: (endedAt) => (finished ??= finish(endedAt)) };

    async function finish(endedAt: number): Promise<void> {
      if (current === own && own.take === take) own.take = null;
      try {
        if (recorder.state !== 'inactive') recorder.stop();
      } catch {
        failed = true;
      }
      const delivered = within(stopped, DELIVERY_MS);
      deliveries = deliveries.then(() => delivered).then(() => deliver(endedAt));
      await deliveries;
    }

    async function deliver(endedAt: number): Promise<void> {
      const file = new Blob(chunks, { type: options.mimeType });
      if (file.size === 0 || endedAt <= beganAt) {
        coverage.note('recorder_failed');
        return;
      }
      if (failed) coverage.note('recorder_failed');
      await options.onRecorded({ slot: own.slot, file, began_at: beganAt, ended_at: endedAt });
    }

    recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) chunks.push(data);
    };
    recorder.onerror = () => {
      failed = true;
      endEarly();
    };
    // All its tracks have ended: the camera was taken away, the screen is no longer shared.
    const endEarly = () => {
      if (finished) return;
      void take.finish(clock.now()).then(() => coverage.note(absence()));
      notify();
    };
    const absence = () => {
      if (failed) return 'recorder_failed';
      return source.stream() ? 'muted' : source.absence();
    };
    void stopped.then(endEarly);
    recorder.start();
    return take;
  }

  function onBeat(): void {
    // The camera was taken away: what is there is delivered, and the next slot tries again.
    if (current?.take && !source.stream()) {
      const { take } = current;
      void take.finish(clock.now()).then(() => coverage.note(source.absence()));
    }
    advance();
  }

  return {
    plan(planned) {
      for (const slot of planned) {
        const taken = current && slot.begins_at < endOf(current.slot);
        if (!taken && slots.size < MAX_SLOTS) slots.set(slot.begins_at, slot);
      }
      if (running) advance();
    },
    start() {
      if (running) return;
      running = true;
      lastBeat = { local: clock.local(), wall: wallClock(), server: clock.now() };
      beat = setInterval(onBeat, BEAT_MS);
      advance();
    },
    async stop() {
      if (!running) return;
      await this.settle();
      running = false;
      clearTimeout(boundary);
      clearInterval(beat);
      const now = clock.now();
      const { slot, take } = current ?? {};
      current = null;
      slots.clear();
      if (slot && take) void take.finish(Math.min(now, endOf(slot)));
      notify();
      await deliveries;
      prepared.close();
    },
    async settle() {
      advance();
      const moment = current?.take?.beganAt ?? clock.now();
      await deliveries;
      coverage.settle(moment);
    },
    get recording() {
      return Boolean(current?.take);
    },
  };
}
