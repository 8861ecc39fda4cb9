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

export interface Device {
  readonly state: DeviceState;
  /** Set while `live`. */
  readonly stream: MediaStream | null;
  start: () => void;
  stop: () => void;
  /** Ask again at once, with other constraints if given. */
  again: (constraints?: MediaTrackConstraints) => void;
}

export interface DeviceOptions {
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

/** Make a device; nothing is asked for before `start`. */
export function createDevice(options: DeviceOptions): Device {
  const media = 'media' in options ? options.media : browserMedia();
  let constraints = options.constraints;
  let state: DeviceState = 'off';
  let stream: MediaStream | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  /** Counts the times it was asked for: what an older question brings is not wanted any more. */
  let asked = 0;

  function become(next: DeviceState): void {
    clearTimeout(retry);
    if (next === 'missing' || next === 'busy' || next === 'lost') retry = setTimeout(ask, RETRY_MS);
    if (next === state) return;
    state = next;
    options.onChange();
  }

  function drop(): void {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  }

  function lose(): void {
    drop();
    become('lost');
  }

  function ask(): void {
    if (!media) {
      become('unsupported');
      return;
    }
    const mine = ++asked;
    clearTimeout(retry);
    // While it is asked for in the background, what the person reads stays.
    if (state === 'off' || state === 'denied') become('asking');
    const wanted = options.kind === 'camera' ? { video: constraints } : { audio: constraints };
    media.getUserMedia(wanted).then(
      (got) => (mine === asked ? take(got) : got.getTracks().forEach((track) => track.stop())),
      (error: unknown) => mine === asked && become(failure(error)),
    );
  }

  function take(got: MediaStream): void {
    drop();
    stream = got;
    if (state === 'live') options.onChange(); // another stream than before
    for (const track of got.getTracks()) {
      // `mute` is the system's hand on the device: nothing is seen or heard until `unmute`.
      track.onended = () => got === stream && lose();
      track.onmute = () => got === stream && become('lost');
      track.onunmute = () => got === stream && become('live');
    }
    become('live');
  }

  function onPlugged(): void {
    if (state === 'missing' || state === 'lost' || state === 'busy') ask();
  }

  watchPermission(options, () => state === 'denied' && ask());
  return {
    get state() {
      return state;
    },
    get stream() {
      return state === 'live' ? stream : null;
    },
    start() {
      if (state !== 'off') return;
      media?.addEventListener('devicechange', onPlugged);
      ask();
    },
    stop() {
      asked += 1;
      media?.removeEventListener('devicechange', onPlugged);
      drop();
      become('off');
    },
    again(other) {
      constraints = other ?? constraints;
      drop();
      if (state === 'live') options.onChange();
      ask();
    },
  };
}

function browserMedia(): MediaDevices | undefined {
  // The types promise it; an insecure page or an old browser has none.
  return (navigator as Partial<Navigator>).mediaDevices;
}

function failure(error: unknown): DeviceState {
  return (error instanceof Error ? FAILURES[error.name] : undefined) ?? 'busy';
}

/** Call back when the person has allowed the device in the browser's settings. */
function watchPermission(options: DeviceOptions, allowed: () => void): void {
  const permissions =
    'permissions' in options ? options.permissions : (navigator as Partial<Navigator>).permissions;
  permissions?.query({ name: options.kind }).then(
    (status) => status.addEventListener('change', () => status.state !== 'denied' && allowed()),
    // Some browsers do not tell; the person can ask again by the button.
    () => undefined,
  );
}
