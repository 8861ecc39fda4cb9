import type { ExitSignal } from '../../shared/api/types';
import { FULLSCREEN_EVENTS, isFullscreen } from './fullscreen';

/** Signals that the page was left, the most specific first. */
export const SIGNALS: readonly ExitSignal[] = ['screen', 'hidden', 'fullscreen', 'resize', 'blur'];

/** A window that has lost so much of itself shows something beside the page. */
const MIN_SIZE_RATIO = 0.82;
const POLL_MS = 400;

/** Not all browsers know how many screens there are. */
type Displays = Partial<EventTarget> & { isExtended?: boolean };
const displays = () => screen as unknown as Displays;
const isExtendedScreen = () => displays().isExtended === true;
/** In device pixels, so that zooming in or out changes nothing. */
const size = () => ({
  width: window.innerWidth * window.devicePixelRatio,
  height: window.innerHeight * window.devicePixelRatio,
});

export interface FocusSignals {
  /** What the page looks like now is how it should be, apart from focus and visibility. */
  setBaseline: () => void;
  /** The signals that are active now. */
  active: () => ExitSignal[];
  stop: () => void;
}

/** Watch for signals that the page was left; calls `onChange` whenever they may have changed. */
export function watchFocusSignals(onChange: () => void): FocusSignals {
  let wasFullscreen = false;
  let singleScreen = !isExtendedScreen();
  let baseline = size();
  const abort = new AbortController();
  const { signal } = abort;
  for (const name of ['blur', 'focus', 'resize', 'pageshow'])
    window.addEventListener(name, onChange, { signal });
  for (const name of ['visibilitychange', ...FULLSCREEN_EVENTS])
    document.addEventListener(name, onChange, { signal });
  displays().addEventListener?.('change', onChange, { signal });
  // Focus can come back without an event, as when a system's dialog closes.
  const timer = setInterval(onChange, POLL_MS);

  function isShrunk(): boolean {
    const { width, height } = size();
    return width < baseline.width * MIN_SIZE_RATIO || height < baseline.height * MIN_SIZE_RATIO;
  }

  const checks: Record<ExitSignal, () => boolean> = {
    screen: () => singleScreen && isExtendedScreen(),
    hidden: () => document.visibilityState === 'hidden',
    fullscreen: () => wasFullscreen && !isFullscreen(),
    // Leaving full screen makes a window smaller by itself.
    resize: () => wasFullscreen && isFullscreen() && isShrunk(),
    blur: () => !document.hasFocus(),
  };
  return {
    setBaseline() {
      wasFullscreen = isFullscreen();
      singleScreen ||= !isExtendedScreen();
      baseline = size();
    },
    active: () => SIGNALS.filter((signal) => checks[signal]()),
    stop() {
      abort.abort();
      clearInterval(timer);
    },
  };
}
