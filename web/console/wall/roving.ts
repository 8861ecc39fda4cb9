/** Moving between the cards of a grid by keys. */

/** Where a key leads from a place in a grid of so many columns; null for any other key. */
export function stepTo(key: string, at: number, count: number, columns: number): number | null {
  const last = count - 1;
  const within = (to: number) => (to >= 0 && to <= last ? to : at);
  switch (key) {
    case 'ArrowLeft':
      return within(at - 1);
    case 'ArrowRight':
      return within(at + 1);
    case 'ArrowUp':
      return within(at - columns);
    case 'ArrowDown':
      return within(at + columns);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** How many of a list's items stand in its first line. */
export function columnsOf(list: Element): number {
  const items = [...list.children] as HTMLElement[];
  const top = items[0]?.offsetTop;
  const below = items.findIndex((item) => item.offsetTop !== top);
  return Math.max(1, below < 0 ? items.length : below);
}
