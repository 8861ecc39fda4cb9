/**
 * The captures of a long sitting, a few minutes at a time. A three-hour sitting has 3,600; what is
 * kept of them at once is bounded by the windows.
 */
import type { Observation, View } from '../../shared/api/types';
import { indexAt } from './indexAt';
import { createTimeWindows, type TimeWindow, type TimeWindows } from './timeWindows';

export const WINDOW_MS = 8 * 60_000;
/** What came just before a window may still stand or sound at its beginning. */
const OVERLAP_MS = 30_000;
/** A window that is still growing is read again at most so often. */
const GROWING_MS = 5_000;
/** So long after its moment a capture has usually been looked at. */
export const ARRIVAL_MS = 15_000;
/** A picture stands until the next; two periods without one are a gap. */
const STANDS_MS: Readonly<Record<View, number>> = { first: 12_000, second: 22_000 };
export const CLIP_MS = 10_000;

export interface CapturesPage {
  readonly captures: readonly Observation[];
  readonly before: string | null;
}

export interface CaptureWindow extends TimeWindow {
  /** Oldest first, as the two below. */
  readonly captures: readonly Observation[];
  readonly pictures: Readonly<Record<View, readonly Observation[]>>;
  readonly clips: readonly Observation[];
}

export type CaptureWindows = TimeWindows<CaptureWindow>;

interface Options {
  /** A page of captures, newest first, from before an id; a time sorts as an id of that time. */
  readonly readPage: (before: string) => Promise<CapturesPage>;
  readonly now: () => number;
  readonly onChange: () => void;
}

const capturedAt = (capture: Observation) => capture.captured_at;

export function createCaptureWindows({ readPage, now, onChange }: Options): CaptureWindows {
  return createTimeWindows({
    windowMs: WINDOW_MS,
    overlapMs: OVERLAP_MS,
    arrivalMs: ARRIVAL_MS,
    growingMs: GROWING_MS,
    async readPage(page) {
      const { captures, before } = await readPage(page);
      return { items: captures, before };
    },
    timeOf: capturedAt,
    toWindow,
    now,
    onChange,
  });
}

export function toWindow(captures: readonly Observation[], readAt: number): CaptureWindow {
  const readable = captures.filter((capture) => !capture.error);
  const picturesOf = (view: View) =>
    readable.filter((capture) => capture.medium === 'picture' && capture.view === view);
  return {
    readAt,
    captures,
    pictures: { first: picturesOf('first'), second: picturesOf('second') },
    clips: readable.filter((capture) => capture.medium === 'sound'),
  };
}

/** The picture that stands at a moment; null where the newest is too old to stand for it. */
export function pictureAt(window: CaptureWindow, view: View, moment: number): Observation | null {
  const picture = newestAt(window.pictures[view], moment);
  return picture && moment - picture.captured_at <= STANDS_MS[view] ? picture : null;
}

/** The pictures that come next, to be fetched ahead. */
export function nextPictures(window: CaptureWindow, view: View, moment: number): Observation[] {
  const pictures = window.pictures[view];
  const next = indexAt(pictures, moment, capturedAt) + 1;
  return pictures.slice(next, next + 2);
}

/** The clip that sounds at a moment, and the one after it. */
export function clipsAt(
  window: CaptureWindow,
  moment: number,
): { current: Observation | null; next: Observation | null } {
  const index = indexAt(window.clips, moment, capturedAt);
  const newest = window.clips[index];
  const sounds = newest !== undefined && moment < newest.captured_at + CLIP_MS;
  return { current: sounds ? newest : null, next: window.clips[index + 1] ?? null };
}

/** Whether clips came around a moment, so that silence between two of them is as planned. */
export function hasClipNear(window: CaptureWindow, moment: number): boolean {
  return window.clips.some((clip) => Math.abs(clip.captured_at - moment) <= 60_000);
}

const newestAt = (captures: readonly Observation[], moment: number) =>
  captures[indexAt(captures, moment, capturedAt)] ?? null;
