import { onScopeDispose, ref, type Ref } from 'vue';
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

const MOMENT = {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const;

/** A moment as date and time in the person's language, such as «10月30日 09:00». */
export function formatMoment(ms: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, MOMENT).format(ms);
}

/** From one moment to another; the date is said once where it is the same. */
export function formatRange(from: number, to: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, MOMENT).formatRange(from, to);
}
