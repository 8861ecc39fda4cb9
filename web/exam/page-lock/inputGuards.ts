/** Text that was copied or cut out of an answer, for answers alone. */
let clip = '';

type Field = HTMLTextAreaElement | HTMLInputElement;

function fieldOf(event: Event): Field | null {
  const { target } = event;
  const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isField ? target : null;
}

function selected(field: Field): string {
  return field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
}

function replace(field: Field, text: string): void {
  if (field.readOnly || field.disabled) return;
  field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
}

/** Text moves within the answers, and neither in from outside nor out. */
function onClipboard(event: ClipboardEvent): void {
  event.preventDefault();
  const field = fieldOf(event);
  if (!field) return;
  if (event.type === 'paste') replace(field, clip);
  else clip = selected(field) || clip;
  if (event.type === 'cut') replace(field, '');
}

/** Printing, saving, the page's source and the developer tools. Everything else stays usable. */
function onKey(event: KeyboardEvent): void {
  const key = event.key.toLowerCase();
  const command = event.ctrlKey || event.metaKey;
  const tools = command && (event.shiftKey || event.altKey) && 'ijc'.includes(key);
  if (key === 'f12' || tools || (command && 'psu'.includes(key))) event.preventDefault();
}

const prevent = (event: Event) => event.preventDefault();

/** Hold back what takes the questions out of the page. Returns how to stop. */
export function guardPage(): () => void {
  const over = new AbortController();
  const options = { capture: true, signal: over.signal };
  for (const name of ['copy', 'cut', 'paste'] as const)
    document.addEventListener(name, onClipboard, options);
  for (const name of ['contextmenu', 'dragstart', 'drop', 'dragover'])
    document.addEventListener(name, prevent, options);
  document.addEventListener('keydown', onKey, options);
  document.documentElement.dataset.guarded = 'true';
  return () => {
    over.abort();
    clip = '';
    delete document.documentElement.dataset.guarded;
  };
}
