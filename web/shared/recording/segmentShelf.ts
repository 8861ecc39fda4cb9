import { overlaps, type Gap, type Segment, type SegmentName, type Span } from './model';
import { byTime, type SegmentStore } from './segmentStore';

/** How much of the room that the browser leaves may be used, and what is left free in any case. */
const SHARE = 0.6;
const FREE_BYTES = 200_000_000;
/** Where the browser does not tell, or keeps nothing: a good quarter of an hour of one camera. */
const UNKNOWN_BYTES = 64_000_000;

/** How many bytes of segments this device may hold besides those that it holds. */
export async function roomFor(
  storage: Partial<Pick<StorageManager, 'estimate'>> | undefined = browserStorage(),
): Promise<number> {
  try {
    const { quota, usage } = (await storage?.estimate?.()) ?? {};
    if (quota === undefined) return UNKNOWN_BYTES;
    return Math.max(0, (quota - (usage ?? 0)) * SHARE - FREE_BYTES);
  } catch {
    return UNKNOWN_BYTES;
  }
}

const browserStorage = () => (navigator as Partial<Navigator>).storage;

export interface ShelfOptions {
  sessionId: string;
  store: SegmentStore;
  /** Bytes that may still be added. */
  room: () => Promise<number>;
  /** A segment was dropped unsent, for want of room. */
  onDropped: (gap: Gap) => void;
  onChange: () => void;
}

/**
 * The session's segments on this device, oldest first. Where there is no room for another, the oldest
 * that no flag needs go; those that are needed go last.
 */
export class SegmentShelf {
  private segments: Segment[] = [];
  private needed: readonly Span[] = [];

  constructor(private readonly options: ShelfOptions) {}

  async open(): Promise<void> {
    const { store, sessionId } = this.options;
    this.segments = await store.list(sessionId).catch(() => []);
    this.options.onChange();
  }

  get all(): readonly Segment[] {
    return this.segments;
  }

  /** Spans that flags need. */
  setNeeded(spans: readonly Span[]): void {
    this.needed = spans;
  }

  isNeeded(segment: Segment): boolean {
    return this.needed.some((span) => overlaps(span, segment));
  }

  /** Returns whether it could be kept. */
  async add(segment: Segment, file: Blob): Promise<boolean> {
    let room = await this.options.room();
    while (file.size > room) {
      const freed = await this.dropOldest();
      if (freed === 0) return false;
      room += freed;
    }
    while (!(await this.tryAdd(segment, file))) if ((await this.dropOldest()) === 0) return false;
    this.segments = [...this.segments, segment].sort(byTime);
    this.options.onChange();
    return true;
  }

  private tryAdd(segment: Segment, file: Blob): Promise<boolean> {
    return this.options.store.add(segment, file).then(
      () => true,
      () => false,
    );
  }

  /** Returns how many bytes are free by it. */
  private async dropOldest(): Promise<number> {
    const oldest = this.segments.find((segment) => !this.isNeeded(segment)) ?? this.segments[0];
    if (!oldest) return 0;
    await this.remove(oldest);
    const { track, began_at, ended_at } = oldest;
    this.options.onDropped({ track, began_at, ended_at, reason: 'disk_full' });
    return oldest.size;
  }

  async remove(segment: Segment): Promise<void> {
    this.segments = this.segments.filter((other) => !isSame(other, segment));
    await this.options.store.remove(segment).catch(() => undefined);
    this.options.onChange();
  }

  async replace(segment: Segment): Promise<void> {
    this.segments = this.segments.map((other) => (isSame(other, segment) ? segment : other));
    await this.options.store.update(segment).catch(() => undefined);
  }

  file(segment: Segment): Promise<Blob | undefined> {
    return this.options.store.file(segment).catch(() => undefined);
  }
}

export const isSame = (segment: SegmentName, other: SegmentName) =>
  segment.segment_id === other.segment_id && segment.track === other.track;
