/** An order that follows what is wanted, but calmly: seldom, and not under one's eyes. */
import { shallowRef, watch, type Ref } from 'vue';
import { settle } from './stableOrder';

/** Between two moves. */
const REST = 4_000;
/** Somebody reading holds the order still, but not for ever: what is critical must rise. */
const LONGEST_HOLD = 15_000;

/**
 * Return the ids to show. `now` ticks; `reading` tells whether somebody is looking at a card just
 * now. Who comes and goes does so at once; `chosen` changes by the person's own act, and moves all.
 */
export function useSettledOrder(
  wanted: Readonly<Ref<readonly string[]>>,
  now: Readonly<Ref<number>>,
  reading: () => boolean,
  chosen: () => unknown,
): Readonly<Ref<readonly string[]>> {
  const shown = shallowRef<readonly string[]>(wanted.value);
  let movedAt = now.value;
  let restlessSince: number | null = null;

  function take(order: readonly string[]): void {
    if (!same(order, shown.value)) shown.value = order;
  }

  function move(): void {
    movedAt = now.value;
    restlessSince = null;
    take(wanted.value);
  }

  function follow(): void {
    take(settle(shown.value, wanted.value));
    if (same(shown.value, wanted.value)) {
      restlessSince = null;
      return;
    }
    restlessSince ??= now.value;
    const held = reading() && now.value - restlessSince < LONGEST_HOLD;
    if (!held && now.value - movedAt >= REST) move();
  }

  watch([wanted, now], follow);
  watch(chosen, move, { deep: true });
  return shown;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
