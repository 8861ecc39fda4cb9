/** Text that was copied or cut out of an answer, for answers alone. */
let clipboard = '';

type Field = HTMLTextAreaElement | HTMLInputElement;

function fieldOf(event: Event): Field | null {
  const { target } = event;
  const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isField ? target : null;
}

function selectedText(field: Field): string {
  return field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
}

function replaceSelection(field: Field, text: string): void {
  if (field.readOnly || field.disabled) return;
  field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
}

/** Text moves within the answers, and neither in from outside nor out. */
function onClipboard(event: ClipboardEvent): void {
  event.preventDefault();
  const field = fieldOf(event);
  if (!field) return;
  if (event.type === 'paste') replaceSelection(field, clipboard);
  else clipboard = selectedText(field) || clipboard;
  if (event.type === 'cut') replaceSelection(field, '');
}

/**
 * Printing, saving, the page's source and the developer tools. Everything else stays usable.
 * Esc closes nothing while the screen is held: where the browser keeps that key, it leaves full
 * screen, and nobody should learn to press it.
 */
function onKey(event: KeyboardEvent): void {
  if (event.key === 'Escape' && !event.isComposing) event.preventDefault();
  const key = event.key.toLowerCase();
  const command = event.ctrlKey || event.metaKey;
  const tools = command && (event.shiftKey || event.altKey) && 'ijc'.includes(key);
  if (key === 'f12' || tools || (command && 'psu'.includes(key))) event.preventDefault();
}

const preventDefault = (event: Event) => event.preventDefault();

/** Block copying the questions out of the page. Returns how to stop. */
export function guardInput(): () => void {
  const abort = new AbortController();
  const options = { capture: true, signal: abort.signal };
  for (const name of ['copy', 'cut', 'paste'] as const)
    document.addEventListener(name, onClipboard, options);
  for (const name of ['contextmenu', 'dragstart', 'drop', 'dragover', 'cancel'])
    document.addEventListener(name, preventDefault, options);
  document.addEventListener('keydown', onKey, options);
  document.documentElement.dataset.guarded = 'true';
  return () => {
    abort.abort();
    clipboard = '';
    delete document.documentElement.dataset.guarded;
  };
}
