import { onScopeDispose, ref, type Ref } from 'vue';
import type { ServerClock } from './clock';

const TICK_MS = 250;

/** The server's time as a ref, as fine as a countdown needs it. */
export function useClock(clock: Pick<ServerClock, 'now'>): Ref<number> {
  const now = ref(clock.now());
  const timer = setInterval(() => (now.value = clock.now()), TICK_MS);
  onScopeDispose(() => clearInterval(timer));
  return now;
}

/** A span as `12:34`, or `1:02:03` from an hour on; what is over is `00:00`. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const rest = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return hours > 0 ? `${hours}:${rest}` : rest;
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
