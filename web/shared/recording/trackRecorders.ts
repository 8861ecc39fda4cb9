import type { ServerClock } from '../clock';
import type { RecorderFormat } from './container';
import { createCoverage } from './coverage';
import type { GapJournal } from './gapJournal';
import { SLOT_MS, type RecordingPlan, type Slot, type Track, type TrackPlan } from './model';
import { createSegmentRecorder, type Recording, type SegmentRecorder } from './segmentRecorder';
import type { SegmentShelf } from './segmentShelf';
import type { TrackSource } from './trackSource';

/** The SHA-256 of a file, as 64 hexadecimal digits. */
export type Hash = (file: Blob) => Promise<string>;

export interface TrackRecordersOptions {
  sessionId: string;
  clock: Pick<ServerClock, 'now' | 'local'>;
  /** Null where this browser cannot record. */
  format: RecorderFormat | null;
  sources: Partial<Record<Track, TrackSource>>;
  journal: GapJournal;
  shelf: SegmentShelf;
  /** The share of the planned bits that the line carries. */
  share: () => number;
  hash: Hash;
  /** Another segment is on the device. */
  onKept: () => void;
  /** A track began or ceased to be recorded. */
  onChange: () => void;
  createRecorder?: (stream: MediaStream, options: MediaRecorderOptions) => MediaRecorder;
}

/** The recorders of all tracks of this device. */
export interface TrackRecorders {
  /** Record what a plan says; tracks that it leaves out are recorded no more. */
  record(plan: RecordingPlan): void;
  /** Tell as gaps what was not recorded until now. */
  settle(): Promise<void>;
  stop(): Promise<void>;
  /** Tracks that are being recorded at this moment. */
  active(): Track[];
  /** Bits a second of all tracks, as planned. */
  plannedBits(): number;
}

export function createTrackRecorders(options: TrackRecordersOptions): TrackRecorders {
  const { sessionId, clock, journal, shelf, format } = options;
  const recorders = new Map<Track, SegmentRecorder>();
  const plans = new Map<Track, TrackPlan>();
  const grid = new Map<Track, number>();

  function recorderFor(track: Track, plan: TrackPlan, from: number): SegmentRecorder | null {
    const existing = recorders.get(track);
    const source = options.sources[track];
    if (existing || !source || !format) return existing ?? null;
    const coverage = createCoverage({
      track,
      until: journal.until(track),
      onGap: (gap) => journal.add(gap),
      onProgress: (until) => journal.setUntil(track, until),
    });
    coverage.expect(from);
    const recorder = createSegmentRecorder({
      clock,
      source,
      mimeType: format.mimeType,
      coverage,
      settings: () => settingsOf(plans.get(track) ?? plan),
      onRecorded: async (recording) => {
        const kept = await keep(plans.get(track) ?? plan, format, recording);
        if (kept) coverage.cover(recording);
        else coverage.note('disk_full');
      },
      ownSlot: (moment) => ownSlot(track, moment),
      onStateChange: options.onChange,
      ...(options.createRecorder && { createRecorder: options.createRecorder }),
    });
    recorders.set(track, recorder);
    return recorder;
  }

  const settingsOf = (plan: TrackPlan): TrackPlan => ({
    ...plan,
    video_bits: Math.round(plan.video_bits * options.share()),
  });

  /** Without a plan, as on a line that is down, the device goes on along the grid. */
  function ownSlot(track: Track, moment: number): Slot | null {
    const origin = grid.get(track);
    if (origin === undefined) return null;
    const begins_at = origin + Math.floor((moment - origin) / SLOT_MS) * SLOT_MS;
    return { track, segment_id: '', begins_at, length: SLOT_MS, upload: null };
  }

  /** Returns whether there was room for it. */
  async function keep(
    { track, mode }: TrackPlan,
    { container }: RecorderFormat,
    { slot, file, began_at, ended_at }: Recording,
  ): Promise<boolean> {
    const { begins_at, upload } = slot;
    const kept = await shelf.add(
      {
        ...{ sessionId, track, mode, container, upload, size: file.size },
        segment_id: slot.segment_id || (await segmentId(options.hash, sessionId, track, begins_at)),
        began_at: Math.round(began_at),
        ended_at: Math.round(ended_at),
        sha256: await options.hash(file),
      },
      file,
    );
    options.onKept();
    return kept;
  }

  /** A browser that cannot record says so, and staff see why there is nothing. */
  function reportUnsupported({ tracks }: RecordingPlan): void {
    for (const { track } of tracks) {
      const ended_at = clock.now();
      const began_at = journal.until(track) ?? ended_at;
      journal.setUntil(track, ended_at);
      if (ended_at > began_at) journal.add({ track, began_at, ended_at, reason: 'not_supported' });
    }
  }

  function endOthers(tracks: ReadonlySet<Track>): void {
    for (const [track, recorder] of recorders) {
      if (tracks.has(track)) continue;
      recorders.delete(track);
      plans.delete(track);
      void recorder.stop();
    }
  }

  return {
    record(plan) {
      if (!format) reportUnsupported(plan);
      for (const settings of plan.tracks) {
        const { track } = settings;
        plans.set(track, settings);
        const slots = plan.segments.filter((slot) => slot.track === track);
        const from = slots[0]?.begins_at;
        if (from === undefined) continue;
        grid.set(track, from);
        const recorder = recorderFor(track, settings, from);
        recorder?.plan(slots);
        recorder?.start();
      }
      endOthers(new Set(plan.tracks.map(({ track }) => track)));
    },
    async settle() {
      await Promise.all([...recorders.values()].map((recorder) => recorder.settle()));
    },
    async stop() {
      const running = [...recorders.values()];
      recorders.clear();
      await Promise.all(running.map((recorder) => recorder.stop()));
      options.onChange();
    },
    active: () => [...recorders].filter(([, { recording }]) => recording).map(([track]) => track),
    plannedBits: () =>
      [...plans.values()].reduce((sum, plan) => sum + plan.video_bits + plan.audio_bits, 0),
  };
}

/** As the server names the segment of a slot: it follows from session, track and time. */
export async function segmentId(
  hash: Hash,
  sessionId: string,
  track: Track,
  at: number,
): Promise<string> {
  const digest = await hash(new Blob([`${sessionId}/${track}/${at}`]));
  return `${String(at).padStart(13, '0')}-${digest.slice(0, 8)}`;
}
