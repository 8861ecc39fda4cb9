/** A camera, a recorder and an API for tests, as ordinary objects. */
import type { PlanQuery, RecordingPlan, Slot, Track, TrackPlan } from './model';
import { SLOT_MS } from './model';

export class FakeTrack {
  readyState: 'live' | 'ended' = 'live';
  readonly constraints: MediaTrackConstraints[] = [];
  /** Whether a copy's size is the device's, as in some browsers. */
  device: FakeTrack | null = null;
  private size = { width: 1280, height: 720, frameRate: 15 };

  constructor(
    readonly kind: 'video' | 'audio',
    readonly id = `${kind}-1`,
    private readonly sharesDevice = false,
  ) {}

  clone(): FakeTrack {
    const copy = new FakeTrack(this.kind, `${this.id}-copy`);
    if (this.sharesDevice) copy.device = this;
    return copy;
  }
  stop(): void {
    this.readyState = 'ended';
  }
  getSettings(): MediaTrackSettings {
    return this.size;
  }
  applyConstraints(constraints: MediaTrackConstraints): Promise<void> {
    this.constraints.push(constraints);
    const { width, height } = constraints as Record<string, { ideal: number }>;
    const size = { width: width?.ideal ?? 0, height: height?.ideal ?? 0, frameRate: 10 };
    this.size = size;
    if (this.device) this.device.size = size;
    return Promise.resolve();
  }
}

export class FakeStream {
  constructor(private readonly tracks: FakeTrack[] = [new FakeTrack('video')]) {}
  getTracks = () => this.tracks;
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === 'video');
}

/** A recorder whose file says from when to when it ran. */
export class FakeRecorder {
  static readonly made: FakeRecorder[] = [];
  state: 'inactive' | 'recording' = 'inactive';
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private beganAt = 0;

  constructor(
    readonly stream: MediaStream,
    readonly options: MediaRecorderOptions,
    /** How long it takes to hand over its file; null where it never does. */
    private readonly deliveryMs: number | null = 0,
  ) {
    FakeRecorder.made.push(this);
  }
  start(): void {
    this.state = 'recording';
    this.beganAt = Date.now();
  }
  stop(): void {
    if (this.state === 'inactive') throw new Error('not recording');
    this.state = 'inactive';
    const file = new Blob([`${this.beganAt}-${Date.now()}`]);
    if (this.deliveryMs === null) return;
    setTimeout(() => {
      this.ondataavailable?.({ data: file });
      this.onstop?.();
    }, this.deliveryMs);
  }
}

export const asStream = (stream: FakeStream) => stream as unknown as MediaStream;
export const makeRecorder = (stream: MediaStream, options: MediaRecorderOptions) =>
  new FakeRecorder(stream, options) as unknown as MediaRecorder;

export const PLAN: TrackPlan = {
  track: 'first',
  mode: 'all',
  width: 640,
  height: 480,
  frame_rate: 10,
  video_bits: 400_000,
  audio_bits: 32_000,
};

export const form = (name: string) => ({
  capture_id: name,
  url: `https://bucket.test/${name}`,
  fields: { key: `recordings/${name}`, policy: 'p' },
  largest: 6_000_000,
  content_type: 'video/webm',
});

export function slot(begins_at: number, track: Track = 'first'): Slot & { upload: object } {
  const segment_id = `${begins_at}-id`;
  return { track, segment_id, begins_at, length: SLOT_MS, upload: form(segment_id) };
}

/** A server that plans a minute of one track at a time, by the fake clock. */
export class FakePlanner {
  readonly queries: PlanQuery[] = [];
  failure: Error | null = null;
  mode: TrackPlan['mode'] = 'all';
  keep: RecordingPlan['keep'] = [];
  dropped: string[] = [];
  /** The session is over: nothing more is planned. */
  over = false;

  fetch = (query: PlanQuery): Promise<RecordingPlan> => {
    if (this.failure) return Promise.reject(this.failure);
    this.queries.push(query);
    const now = Date.now();
    const first = Math.ceil((now + 1_000) / SLOT_MS) * SLOT_MS;
    const begins = this.over
      ? []
      : Array.from({ length: 6 }, (_, index) => first + index * SLOT_MS);
    return Promise.resolve({
      now,
      next_at: now + 45_000,
      tracks: [{ ...PLAN, mode: this.mode }],
      segments: begins.map((at) => ({ ...slot(at), upload: form(`${at}-id`) })),
      again: query.pending.map((name) => ({ ...name, upload: form(name.segment_id) })),
      dropped: this.dropped,
      keep: this.keep,
    });
  };
}
