import type { Why } from '../../shared/api/types';

/** The signs of being left, the most telling first. */
export const WHYS: readonly Why[] = ['screen', 'hidden', 'fullscreen', 'resize', 'blur'];

/** A window that has lost so much of itself shows something beside the page. */
const LEAST_PART = 0.82;
const LOOK_MS = 400;

/** Not all browsers know how many screens there are. */
type Displays = Partial<EventTarget> & { isExtended?: boolean };
const displays = () => screen as unknown as Displays;
const extended = () => displays().isExtended === true;
/** In device pixels, so that zooming in or out changes nothing. */
const size = () => ({
  width: window.innerWidth * window.devicePixelRatio,
  height: window.innerHeight * window.devicePixelRatio,
});

export interface Signs {
  /** What the page looks like now is how it should be, apart from focus and visibility. */
  settle: () => void;
  /** The signs that hold now. */
  now: () => Why[];
  stop: () => void;
}

/** Whether this browser can fill the screen at all. */
export const canFill = () => document.fullscreenEnabled;

/** Watch for the signs that the page was left; `onChange` whenever they may have changed. */
export function watchSigns(onChange: () => void): Signs {
  let filled = false;
  let alone = !extended();
  let whole = size();
  const over = new AbortController();
  const { signal } = over;
  for (const name of ['blur', 'focus', 'resize', 'pageshow'])
    window.addEventListener(name, onChange, { signal });
  for (const name of ['visibilitychange', 'fullscreenchange'])
    document.addEventListener(name, onChange, { signal });
  displays().addEventListener?.('change', onChange, { signal });
  // Focus can come back without an event, as when a system's dialog closes.
  const timer = setInterval(onChange, LOOK_MS);

  function isCut(): boolean {
    const { width, height } = size();
    return width < whole.width * LEAST_PART || height < whole.height * LEAST_PART;
  }

  const holds: Record<Why, () => boolean> = {
    screen: () => alone && extended(),
    hidden: () => document.visibilityState === 'hidden',
    fullscreen: () => filled && document.fullscreenElement === null,
    // Leaving full screen makes a window smaller by itself.
    resize: () => filled && document.fullscreenElement !== null && isCut(),
    blur: () => !document.hasFocus(),
  };
  return {
    settle() {
      filled = document.fullscreenElement !== null;
      alone ||= !extended();
      whole = size();
    },
    now: () => WHYS.filter((why) => holds[why]()),
    stop() {
      over.abort();
      clearInterval(timer);
    },
  };
}
