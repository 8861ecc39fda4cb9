/**
 * A camera or a microphone that keeps itself running: what is unplugged, blocked or taken by another
 * program is asked for again until it is there.
 */
export type DeviceState =
  | 'off'
  | 'asking'
  | 'live'
  | 'denied' // the person, or the browser's settings, said no
  | 'missing' // there is no such device
  | 'busy' // another program has it
  | 'lost' // it was live and stopped
  | 'unsupported'; // an old browser, or an insecure page

export interface MediaDevice {
  readonly state: DeviceState;
  /** Set while `live`. */
  readonly stream: MediaStream | null;
  start: () => void;
  stop: () => void;
  /** Ask again at once, with other constraints if given. */
  restart: (constraints?: MediaTrackConstraints) => void;
  /**
   * Open the device anew with other constraints and put that in the place of what runs, which is
   * kept until then, and for good where this fails: iOS ends an older stream for a second one, so
   * there is never a second one for long. Resolves when it is settled.
   */
  exchange: (constraints: MediaTrackConstraints) => Promise<void>;
}

export interface MediaDeviceOptions {
  kind: 'camera' | 'microphone';
  constraints: MediaTrackConstraints;
  onChange: () => void;
  /** Undefined where the browser has none. */
  media?: MediaDevices | undefined;
  permissions?: Permissions | undefined;
}

const RETRY_MS = 3_000;

const FAILURES: Partial<Record<string, DeviceState>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
};

/** The candidate's camera: enough to recognise a face, little enough for a slow line. */
export const CAMERA: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 15 },
};

/** Sound as it is: what makes calls pleasant also removes what a proctor should hear. */
export const MICROPHONE: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/** Create a device; permission is not requested before `start`. */
export function createMediaDevice(options: MediaDeviceOptions): MediaDevice {
  const media = 'media' in options ? options.media : browserMedia();
  let constraints = options.constraints;
  let state: DeviceState = 'off';
  let stream: MediaStream | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  /** Counts the times it was asked for: what an older question brings is not wanted any more. */
  let requestCount = 0;

  function setState(next: DeviceState): void {
    clearTimeout(retry);
    if (next === 'missing' || next === 'busy' || next === 'lost')
      retry = setTimeout(requestAccess, RETRY_MS);
    if (next === state) return;
    state = next;
    options.onChange();
  }

  function stopTracks(): void {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  }

  function onLost(): void {
    stopTracks();
    setState('lost');
  }

  function requestAccess(): void {
    if (!media) {
      setState('unsupported');
      return;
    }
    const requestNumber = ++requestCount;
    clearTimeout(retry);
    // While it is asked for in the background, what the person reads stays.
    if (state === 'off' || state === 'denied') setState('asking');
    media.getUserMedia(buildQuery()).then(
      (opened) =>
        requestNumber === requestCount
          ? accept(opened)
          : opened.getTracks().forEach((track) => track.stop()),
      (error: unknown) => requestNumber === requestCount && setState(failureState(error)),
    );
  }

  const buildQuery = () =>
    options.kind === 'camera' ? { video: constraints } : { audio: constraints };

  function accept(opened: MediaStream): void {
    stopTracks();
    stream = opened;
    if (state === 'live') options.onChange(); // another stream than before
    for (const track of opened.getTracks()) {
      // `mute` is the system's hand on the device: nothing is seen or heard until `unmute`.
      track.onended = () => opened === stream && onLost();
      track.onmute = () => opened === stream && setState('lost');
      track.onunmute = () => opened === stream && setState('live');
    }
    setState('live');
  }

  function onDeviceChange(): void {
    if (state === 'missing' || state === 'lost' || state === 'busy') requestAccess();
  }

  watchPermission(options, () => state === 'denied' && requestAccess());
  return {
    get state() {
      return state;
    },
    get stream() {
      return state === 'live' ? stream : null;
    },
    start() {
      if (state !== 'off') return;
      media?.addEventListener('devicechange', onDeviceChange);
      requestAccess();
    },
    stop() {
      requestCount += 1;
      media?.removeEventListener('devicechange', onDeviceChange);
      stopTracks();
      setState('off');
    },
    async exchange(other) {
      constraints = other;
      if (state !== 'live') return;
      const requestNumber = ++requestCount;
      const opened = await media?.getUserMedia(buildQuery()).catch(() => null);
      if (opened && requestNumber === requestCount) accept(opened);
      else opened?.getTracks().forEach((track) => track.stop());
    },
    restart(other) {
      constraints = other ?? constraints;
      stopTracks();
      if (state === 'live') options.onChange();
      requestAccess();
    },
  };
}

function browserMedia(): MediaDevices | undefined {
  // The types promise it; an insecure page or an old browser has none.
  return (navigator as Partial<Navigator>).mediaDevices;
}

function failureState(error: unknown): DeviceState {
  return (error instanceof Error ? FAILURES[error.name] : undefined) ?? 'busy';
}

/** Call back when the person has allowed the device in the browser's settings. */
function watchPermission(options: MediaDeviceOptions, onAllowed: () => void): void {
  const permissions =
    'permissions' in options ? options.permissions : (navigator as Partial<Navigator>).permissions;
  permissions?.query({ name: options.kind }).then(
    (status) => status.addEventListener('change', () => status.state !== 'denied' && onAllowed()),
    // Some browsers cannot be queried; the user can retry with the button.
    () => undefined,
  );
}
