import { onScopeDispose } from 'vue';
import { displaySettings } from './displaySettings';

export interface ShortcutHandlers {
  /** The option at a place, counted from 0. */
  choose: (place: number) => void;
  go: (by: number) => void;
  mark: () => void;
}

const TEXT_TAGS = new Set(['TEXTAREA', 'SELECT']);

/** Single keys at the paper: 1 to 9 choose, the arrows move, M marks. Never while typing. */
export function useShortcuts(keys: ShortcutHandlers, active: () => boolean): void {
  function onKeydown(event: KeyboardEvent): void {
    if (!displaySettings.keys || !active() || isHandledElsewhere(event)) return;
    if (/^[1-9]$/.test(event.key)) keys.choose(Number(event.key) - 1);
    else if (event.key === 'ArrowLeft') keys.go(-1);
    else if (event.key === 'ArrowRight') keys.go(1);
    else if (event.key.toLowerCase() === 'm') keys.mark();
    else return;
    event.preventDefault();
  }
  window.addEventListener('keydown', onKeydown);
  onScopeDispose(() => window.removeEventListener('keydown', onKeydown));
}

/** Whether a key belongs to something else: a field, a dialog, the browser. */
function isHandledElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return true;
  if (event.defaultPrevented || document.querySelector('dialog[open]')) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  const field = target instanceof HTMLInputElement && !['radio', 'checkbox'].includes(target.type);
  return field || TEXT_TAGS.has(target.tagName) || target.isContentEditable;
}
