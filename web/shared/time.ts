import { onScopeDispose, ref, shallowRef, type Ref } from 'vue';
import type { ServerClock } from './clock';

const TICK_MS = 250;

/** The server's time as a ref; by default as fine as a countdown needs it. */
export function useClock(clock: Pick<ServerClock, 'now'>, tickMs = TICK_MS): Ref<number> {
  const now = ref(clock.now());
  const timer = setInterval(() => (now.value = clock.now()), tickMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}

/** A part of a date or time with two digits. */
export const pad = (part: number) => String(part).padStart(2, '0');

/**
 * Remaining time as `12:34`, or `1:02:03` from an hour on. Rounded up: `00:00` means that the time
 * is over, and candidate and proctor read the same.
 */
export function formatCountdown(ms: number): string {
  const { hours, minutes, seconds } = split(Math.ceil(ms / 1_000));
  const rest = `${pad(minutes)}:${pad(seconds)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Time that has passed as `2:34`, or `1:02:03` from an hour on. Rounded down. */
export function formatElapsed(ms: number): string {
  const { hours, minutes, seconds } = split(Math.floor(ms / 1_000));
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds)}` : `${minutes}:${pad(seconds)}`;
}

function split(wholeSeconds: number): { hours: number; minutes: number; seconds: number } {
  const total = Math.max(0, wholeSeconds);
  return {
    hours: Math.floor(total / 3_600),
    minutes: Math.floor(total / 60) % 60,
    seconds: total % 60,
  };
}

/** Where exams' times are announced, until the deployment says otherwise. */
const DEFAULT_TIME_ZONE = 'Asia/Shanghai';
let deploymentTimeZone = DEFAULT_TIME_ZONE;
const examTimeZone = shallowRef(DEFAULT_TIME_ZONE);

/** Say in which zone the deployment's exams are announced where they do not say so themselves. */
export function setDeploymentTimeZone(timeZone = DEFAULT_TIME_ZONE): void {
  if (isKnown(timeZone)) deploymentTimeZone = timeZone;
  setExamTimeZone();
}

/**
 * Say in which zone the times of the exam that is shown were announced; empty is the deployment's.
 * One that this browser does not know is left: times show their zone wherever it is not that one.
 */
export function setExamTimeZone(timeZone = ''): void {
  examTimeZone.value = timeZone && isKnown(timeZone) ? timeZone : deploymentTimeZone;
}

function isKnown(timeZone: string): boolean {
  try {
    offsetOf(0, timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The zone of exams that name none. */
export const deploymentZone = () => deploymentTimeZone;

/** This computer's time zone, such as `Asia/Urumqi`. */
export const localTimeZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const SECONDS = { ...CLOCK, second: '2-digit' } as const;
const MOMENT = { month: 'short', day: 'numeric', ...CLOCK } as const;
const STAMP = { year: 'numeric', month: '2-digit', day: '2-digit', ...SECONDS } as const;
const LONG = { year: 'numeric', month: 'long', day: 'numeric', ...SECONDS } as const;

/*
 * All times are those of this computer. Where its zone is not the exam's, it is said beside them:
 * whoever reads «14:10» beside «daily 9:00–21:00» must know that these are two clocks.
 */

/** A moment as date and time in the person's language, such as «10月30日 09:00». */
export function formatMoment(ms: number, locale: string): string {
  return formatter(locale, MOMENT).format(ms) + localZone(ms, locale);
}

/** From one moment to another; the date is said once where it is the same. */
export function formatRange(from: number, to: number, locale: string): string {
  return formatter(locale, MOMENT).formatRange(from, to) + localZone(from, locale);
}

/** A time of day, such as «09:00». */
export function formatClock(ms: number, locale: string): string {
  return formatter(locale, CLOCK).format(ms) + localZone(ms, locale);
}

/** A time of day to the second, such as «09:00:07». */
export function formatSeconds(ms: number, locale: string): string {
  return formatter(locale, SECONDS).format(ms) + localZone(ms, locale);
}

/** A moment of the record, to the second, such as «2026/10/30 09:00:07». */
export function formatStamp(ms: number, locale: string): string {
  return formatter(locale, STAMP).format(ms) + localZone(ms, locale);
}

/** A moment that is read elsewhere, such as on a receipt: always with its zone. */
export function formatWithZone(ms: number, locale: string): string {
  return formatter(locale, LONG).format(ms) + inBrackets(offsetOf(ms), locale);
}

/** The exam's zone, to be said beside times of its own texts; empty where it is this computer's. */
export function examZone(ms: number, locale: string): string {
  return localZone(ms, locale) && inBrackets(offsetOf(ms, examTimeZone.value), locale);
}

function localZone(ms: number, locale: string): string {
  const offset = offsetOf(ms);
  return offset === offsetOf(ms, examTimeZone.value) ? '' : inBrackets(offset, locale);
}

const inBrackets = (text: string, locale: string) =>
  locale.startsWith('zh') ? `（${text}）` : ` (${text})`;

/** How far a zone is from UTC at a moment, such as `GMT+8`; two zones of one offset agree. */
function offsetOf(ms: number, timeZone = localTimeZone()): string {
  const parts = formatter('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(ms);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Formatters are slow to make: each is made once. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zoned = { timeZone: localTimeZone(), ...options };
  const key = JSON.stringify([locale, zoned]);
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(locale, zoned);
  formatters.set(key, made);
  return made;
}
