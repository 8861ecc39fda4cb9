/** Where something large stands beside what it belongs to, whole within the window. */

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Anchor {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const GAP = 6;
const EDGE = 8;

/**
 * To the right where there is room, else to the left, else below or above: never over the card
 * itself, unless the window leaves no other place.
 */
export function positionBeside(
  card: Anchor,
  size: Size,
  window: Size,
): { left: number; top: number } {
  const within = (at: number, length: number, whole: number) =>
    Math.max(EDGE, Math.min(at, whole - length - EDGE));
  const top = within(card.top, size.height, window.height);
  if (card.right + GAP + size.width <= window.width - EDGE) return { left: card.right + GAP, top };
  if (card.left - GAP - size.width >= EDGE) return { left: card.left - GAP - size.width, top };
  const left = within(card.left, size.width, window.width);
  const below = card.bottom + GAP;
  const fits = below + size.height <= window.height - EDGE;
  return {
    left,
    top: fits ? below : within(card.top - GAP - size.height, size.height, window.height),
  };
}
