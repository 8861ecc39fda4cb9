/** A moment that moves along a time line, at a speed, and can be set anywhere on it. */
import { computed, onScopeDispose, ref, type Ref } from 'vue';

export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;

/** Faster than this, speech is no longer understood. */
export const MAX_SOUND_SPEED = 2;

export interface Bounds {
  readonly begin: number;
  readonly end: number;
  readonly isLive: boolean;
}

/** So long something that is to be shown is waited for; then the replay goes on without it. */
const PATIENCE_MS = 4_000;

export function usePlayback(
  bounds: Readonly<Ref<Bounds | null>>,
  /** Whether what is to be shown at the moment is still on its way. */
  waiting: Readonly<Ref<boolean>> = ref(false),
) {
  const moment = ref(0);
  const playing = ref(false);
  const speed = ref<number>(1);
  /** Whether time stands still although it plays. */
  const held = ref(false);
  const running = computed(() => playing.value && !held.value);
  let frame = 0;
  let last = 0;
  let waitingSince: number | null = null;

  function isHeld(now: number): boolean {
    if (!waiting.value) waitingSince = null;
    else waitingSince ??= now;
    return waitingSince !== null && now - waitingSince < PATIENCE_MS;
  }

  function tick(now: number): void {
    const line = bounds.value;
    if (!line || !playing.value) return;
    held.value = isHeld(now);
    if (held.value) last = now;
    moment.value = Math.min(line.end, moment.value + (now - last) * speed.value);
    last = now;
    // At the end of a sitting under way, what comes is followed.
    if (moment.value >= line.end && !line.isLive) playing.value = false;
    else frame = requestAnimationFrame(tick);
  }

  function play(): void {
    cancelAnimationFrame(frame);
    playing.value = true;
    last = performance.now();
    frame = requestAnimationFrame(tick);
  }

  function toggle(): void {
    const line = bounds.value;
    if (!line) return;
    if (playing.value) {
      playing.value = false;
      return;
    }
    if (moment.value >= line.end && !line.isLive) moment.value = line.begin;
    play();
  }

  function seek(to: number): void {
    const line = bounds.value;
    if (!line) return;
    moment.value = Math.min(line.end, Math.max(line.begin, to));
    last = performance.now();
  }

  /** Go one step slower or faster. */
  function changeSpeed(step: 1 | -1): void {
    const index = SPEEDS.findIndex((factor) => factor === speed.value) + step;
    speed.value = SPEEDS[index] ?? speed.value;
  }

  onScopeDispose(() => cancelAnimationFrame(frame));
  return { moment, playing, running, speed, play, toggle, seek, changeSpeed };
}
