/** One stop for the Tab key among all cards, which the arrow keys move. */
import { computed, nextTick, shallowRef, watch, type Ref } from 'vue';
import { columnsOf, stepTo } from './roving';

/**
 * Keep the stop on one of `order`; `list` is the element that holds the cards. The focus stays with
 * its candidate when the order changes, which moves the card in the page.
 */
export function useSeatFocus(
  order: Readonly<Ref<readonly string[]>>,
  list: () => Element | null | undefined,
) {
  const last = shallowRef<string | null>(null);
  const stop = computed(() => {
    const isListed = last.value !== null && order.value.includes(last.value);
    return isListed ? last.value : (order.value[0] ?? null);
  });

  const within = () => list()?.contains(document.activeElement) ?? false;
  const linkOf = (id: string | null) =>
    list()?.querySelector<HTMLElement>(`[data-session="${CSS.escape(id ?? '')}"] h3 a`);

  function focus(id: string | null): void {
    last.value = id;
    void nextTick(() => linkOf(id)?.focus());
  }

  /** Follow a key; returns whether it was one that moves. */
  function move(key: string): boolean {
    const grid = list();
    if (!grid || !stop.value) return false;
    const at = order.value.indexOf(stop.value);
    const to = stepTo(key, at, order.value.length, columnsOf(grid));
    if (to === null) return false;
    focus(order.value[to] ?? null);
    return true;
  }

  /** The focus is on a card now, however it came there. */
  function enter(card: HTMLElement | null): void {
    last.value = card?.dataset.session ?? last.value;
  }

  // A card that is moved in the page loses the focus without having been left.
  let hadFocus = false;
  watch(order, () => (hadFocus = within()), { flush: 'pre' });
  watch(
    order,
    () => {
      if (hadFocus && !within()) linkOf(stop.value)?.focus();
    },
    { flush: 'post' },
  );

  return { stop, focus, move, enter };
}
