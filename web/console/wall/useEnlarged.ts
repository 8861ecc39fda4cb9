/**
 * Whose pictures are enlarged: after the pointer has rested on a card, or by a key. What is shown
 * can be pointed at, and is put away without moving the pointer (WCAG 1.4.13).
 */
import { onScopeDispose, shallowRef } from 'vue';

const OPEN_AFTER = 450;
const CLOSE_AFTER = 250;

export interface Enlarged {
  readonly id: string;
  readonly card: DOMRect;
}

export function useEnlarged() {
  const shown = shallowRef<Enlarged | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The card that the pointer is on. */
  let under: string | null = null;

  function later(ms: number, act: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  }

  function show(card: HTMLElement | null): void {
    clearTimeout(timer);
    const id = card?.dataset.session;
    shown.value = card && id ? { id, card: card.getBoundingClientRect() } : null;
  }

  function dismiss(): void {
    show(null);
  }

  /** The pointer has moved: over a card, over what is enlarged, or elsewhere. */
  function point(event: PointerEvent): void {
    // A page that moves under a pointer at rest is no wish to see anything.
    if (event.pointerType !== 'mouse' || (!event.movementX && !event.movementY)) return;
    const target = event.target as Element;
    if (target.closest('[data-enlarged]')) {
      clearTimeout(timer);
      return;
    }
    const card = target.closest<HTMLElement>('[data-session]');
    const id = card?.dataset.session ?? null;
    if (id === under) return;
    under = id;
    if (card && id !== shown.value?.id) later(OPEN_AFTER, () => show(card));
    else if (!card) leave();
    else clearTimeout(timer);
  }

  function leave(): void {
    under = null;
    if (shown.value) later(CLOSE_AFTER, dismiss);
    else clearTimeout(timer);
  }

  onScopeDispose(() => clearTimeout(timer));
  return { shown, show, dismiss, point, leave };
}
