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
    offsetMinutes(0, timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The zone of the exam that is shown, by its name, such as `Asia/Shanghai`. */
export const examTimeZoneName = () => examTimeZone.value;

/** The zone of exams that name none. */
export const deploymentZone = () => deploymentTimeZone;

/** This computer's time zone, such as `Asia/Urumqi`. */
const localTimeZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const SECONDS = { ...CLOCK, second: '2-digit' } as const;
const MOMENT = { month: 'short', day: 'numeric', ...CLOCK } as const;
const STAMP = { year: 'numeric', month: '2-digit', day: '2-digit', ...SECONDS } as const;
const LONG = { year: 'numeric', month: 'long', day: 'numeric', ...SECONDS } as const;

/*
 * All times are those of the exam's zone, in the page's language: a record reads the same on every
 * computer, and agrees with the notice. Where this computer's clock shows another time, the zone is
 * said beside them.
 */

/** A moment as date and time in the person's language, such as «10月30日 09:00». */
export function formatMoment(ms: number, locale: string): string {
  return formatter(locale, MOMENT).format(ms) + examZone(ms, locale);
}

/** From one moment to another; the date is said once where it is the same. */
export function formatRange(from: number, to: number, locale: string): string {
  return formatter(locale, MOMENT).formatRange(from, to) + examZone(from, locale);
}

/** A time of day, such as «09:00». */
export function formatClock(ms: number, locale: string): string {
  return formatter(locale, CLOCK).format(ms) + examZone(ms, locale);
}

/** A time of day to the second, such as «09:00:07». */
export function formatSeconds(ms: number, locale: string): string {
  return formatter(locale, SECONDS).format(ms) + examZone(ms, locale);
}

/** A moment of the record, to the second, such as «2026/10/30 09:00:07». */
export function formatStamp(ms: number, locale: string): string {
  return formatter(locale, STAMP).format(ms) + examZone(ms, locale);
}

/** A moment that is read elsewhere, such as on a receipt: always with its zone. */
export function formatWithZone(ms: number, locale: string): string {
  return formatter(locale, LONG).format(ms) + inBrackets(offsetName(ms), locale);
}

/** The exam's zone, said beside its times; empty where this computer's clock shows the same. */
export function examZone(ms: number, locale: string): string {
  const isSame = offsetMinutes(ms, localTimeZone()) === offsetMinutes(ms);
  return isSame ? '' : inBrackets(offsetName(ms), locale);
}

/** A moment on the exam's clock, as a date field of the browser writes it: `2026-10-30T09:00`. */
export function toWallTime(ms: number): string {
  return new Date(ms + offsetMinutes(ms) * MINUTE_MS).toISOString().slice(0, 16);
}

/** The moment that the exam's clock shows as `2026-10-30T09:00`; NaN for anything else. */
export function fromWallTime(text: string): number {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return NaN;
  // The offset is that of the moment itself, which is known but for the hour of a clock change.
  const guess = asUtc - offsetMinutes(asUtc) * MINUTE_MS;
  return asUtc - offsetMinutes(guess) * MINUTE_MS;
}

const MINUTE_MS = 60_000;

const inBrackets = (text: string, locale: string) =>
  locale.startsWith('zh') ? `（${text}）` : ` (${text})`;

/** How far the exam's zone is from UTC at a moment, such as `GMT+8`. */
function offsetName(ms: number): string {
  const offset = offsetMinutes(ms);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `GMT${offset < 0 ? '-' : '+'}${hours}${minutes > 0 ? `:${pad(minutes)}` : ''}`;
}

/** A zone's minutes from UTC at a moment: reckoned, since older browsers name no offsets. */
function offsetMinutes(ms: number, timeZone = examTimeZone.value): number {
  const parts = formatter('en', { ...STAMP, timeZone }).formatToParts(ms);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const [year, month, day] = [part('year'), part('month'), part('day')];
  const wall = Date.UTC(year, month - 1, day, part('hour'), part('minute'), part('second'));
  return Math.round((wall - ms) / MINUTE_MS);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Formatters are slow to make: each is made once. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zoned = { timeZone: examTimeZone.value, ...options };
  const key = JSON.stringify([locale, zoned]);
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(locale, zoned);
  formatters.set(key, made);
  return made;
}
