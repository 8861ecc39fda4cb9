import type { Gap, Track } from './model';
import type { Journal, SegmentStore } from './segmentStore';

/** Gaps of one reason that are this near to each other are one. */
const TOUCH_MS = 2_000;

/** What the server has yet to be told, and until when each track is covered: kept over a reload. */
export class GapJournal {
  private journal: Journal = { until: {}, gaps: [] };

  constructor(
    private readonly sessionId: string,
    private readonly store: Pick<SegmentStore, 'journal' | 'saveJournal'>,
  ) {}

  async open(): Promise<void> {
    this.journal = await this.store.journal(this.sessionId).catch(() => this.journal);
  }

  get gaps(): readonly Gap[] {
    return this.journal.gaps;
  }

  until(track: Track): number | null {
    return this.journal.until[track] ?? null;
  }

  setUntil(track: Track, until: number): void {
    this.save({ ...this.journal, until: { ...this.journal.until, [track]: until } });
  }

  add(gap: Gap): void {
    this.save({ ...this.journal, gaps: mergeGap(this.journal.gaps, gap) });
  }

  /** The server has taken them. */
  acknowledge(gaps: readonly Gap[]): void {
    if (gaps.length === 0) return;
    this.save({ ...this.journal, gaps: this.journal.gaps.filter((gap) => !gaps.includes(gap)) });
  }

  private save(journal: Journal): void {
    this.journal = journal;
    void this.store.saveJournal(this.sessionId, journal).catch(() => undefined);
  }
}

function mergeGap(gaps: Gap[], gap: Gap): Gap[] {
  const touching = gaps.find(
    (other) =>
      other.track === gap.track &&
      other.reason === gap.reason &&
      Math.abs(other.ended_at - gap.began_at) <= TOUCH_MS,
  );
  if (!touching) return [...gaps, gap];
  const merged = { ...touching, ended_at: Math.max(touching.ended_at, gap.ended_at) };
  return gaps.map((other) => (other === touching ? merged : other));
}
