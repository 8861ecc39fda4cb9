/**
 * The page's one AudioContext, for its tones, its meters and its clips. Browsers keep it silent until
 * the person clicks or presses a key, and iOS lends only a few: it is made once, and woken by every
 * click until it runs. It may never run, as in Firefox without a loudspeaker: who listens must not
 * wait for it.
 */
let context: AudioContext | null = null;

const WAKING = ['pointerdown', 'touchend', 'keydown'] as const;

/** The page's AudioContext, running or not. Throws where the browser has none. */
export function pageAudio(): AudioContext {
  if (!context) {
    context = new AudioContext();
    wakeByGestures(wake);
  }
  if (context.state !== 'running') wake();
  return context;
}

/** Let the page's first click wake its sound, so that a call may ring later, without one. */
export function prepareAudio(): void {
  wakeByGestures(() => {
    if (typeof AudioContext !== 'undefined') pageAudio();
  });
}

const wake = () => void context?.resume().catch(() => undefined);

function wakeByGestures(onGesture: () => void): void {
  for (const name of WAKING) document.addEventListener(name, onGesture, { passive: true });
}
