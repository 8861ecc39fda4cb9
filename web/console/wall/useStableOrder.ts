/** An order that follows its target, but rarely, and not while somebody is reading. */
import { shallowRef, watch, type Ref } from 'vue';
import { stabilize } from './stableOrder';

/** Between two moves. */
const MIN_INTERVAL_MS = 4_000;
/** Somebody reading holds the order still, but not for ever: what is critical must rise. */
const MAX_HOLD_MS = 15_000;

/**
 * Return the ids to show. `now` ticks; `isReading` returns whether somebody is looking at a card just
 * now. Who comes and goes does so at once; `settings` change by the user's own action, and moves all.
 */
export function useStableOrder(
  target: Readonly<Ref<readonly string[]>>,
  now: Readonly<Ref<number>>,
  isReading: () => boolean,
  settings: () => unknown,
): Readonly<Ref<readonly string[]>> {
  const shown = shallowRef<readonly string[]>(target.value);
  let movedAt = now.value;
  let changedSince: number | null = null;

  function show(order: readonly string[]): void {
    if (!same(order, shown.value)) shown.value = order;
  }

  function apply(): void {
    movedAt = now.value;
    changedSince = null;
    show(target.value);
  }

  function update(): void {
    show(stabilize(shown.value, target.value));
    if (same(shown.value, target.value)) {
      changedSince = null;
      return;
    }
    changedSince ??= now.value;
    const isHeld = isReading() && now.value - changedSince < MAX_HOLD_MS;
    if (!isHeld && now.value - movedAt >= MIN_INTERVAL_MS) apply();
  }

  watch([target, now], update);
  watch(settings, apply, { deep: true });
  return shown;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
