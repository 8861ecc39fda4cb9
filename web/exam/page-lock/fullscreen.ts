import { sleep, within } from '../../shared/backoff';

/**
 * The full screen, also by Safari's older names (before 16.4). An iPhone has none, and a browser
 * or its administrator may refuse it: the page then holds its window as well as it can.
 */
interface PrefixedDocument {
  webkitFullscreenEnabled?: boolean;
  webkitFullscreenElement?: Element | null;
  webkitExitFullscreen?: () => void;
}

interface KeyboardLock {
  keyboard?: { lock?: () => Promise<void> };
}

/** Some browsers say neither that they fill the screen nor that they will not. */
const PATIENCE_MS = 2_000;
const POLL_MS = 50;

export const FULLSCREEN_EVENTS = ['fullscreenchange', 'webkitfullscreenchange'] as const;

const page = () => document as Partial<Document> & PrefixedDocument;

/** Whether this browser can fill the screen at all. */
export const canGoFullscreen = () =>
  (page().fullscreenEnabled ?? page().webkitFullscreenEnabled) === true;

export const isFullscreen = () =>
  Boolean(page().fullscreenElement ?? page().webkitFullscreenElement);

/** Whether Esc and the keys that switch away can stay with the page: in Chromium alone. */
export const hasKeyboardLock = () =>
  typeof (navigator as KeyboardLock).keyboard?.lock === 'function';

/** Fill the screen; needs a click or a key of the person. Returns whether it is filled; never throws. */
export async function fillScreen(root: HTMLElement = document.documentElement): Promise<boolean> {
  if (!canGoFullscreen()) return false;
  try {
    if (!isFullscreen()) await within(request(root), PATIENCE_MS);
    await waitUntilFilled();
    // Where it exists, keys that would switch away stay with the page while it fills the screen.
    await within((navigator as KeyboardLock).keyboard?.lock?.() ?? Promise.resolve(), PATIENCE_MS);
  } catch {
    // Refused: whoever asked learns it below.
  }
  return isFullscreen();
}

function request(root: HTMLElement & { webkitRequestFullscreen?: () => void }): Promise<void> {
  const { requestFullscreen } = root as Partial<HTMLElement>;
  if (requestFullscreen) return requestFullscreen.call(root, { navigationUI: 'hide' });
  root.webkitRequestFullscreen?.(); // returns nothing to wait for
  return Promise.resolve();
}

async function waitUntilFilled(): Promise<void> {
  for (let waited = 0; !isFullscreen() && waited < PATIENCE_MS; waited += POLL_MS)
    await sleep(POLL_MS);
}

/** Give the screen back. */
export function leaveFullscreen(): void {
  if (!isFullscreen()) return;
  const { exitFullscreen, webkitExitFullscreen } = page();
  if (exitFullscreen) void exitFullscreen.call(document).catch(() => undefined);
  else webkitExitFullscreen?.call(document);
}
