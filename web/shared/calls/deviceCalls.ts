/**
 * The device's side of all calls: it offers what its camera or microphone gives to whoever asked,
 * tries again where a connection breaks, and says so where it cannot be mended.
 */
import type { Call, CallKind, Signal } from '../api/types';
import { newId } from '../ids';
import type { Line } from './signaling';
import { createPeer, type Peer, type PeerOptions, type PeerState } from './peer';

export interface DeviceCallsOptions {
  line: Line;
  /** The tracks for a call, or null where the device has none to give. */
  tracks: (kind: CallKind) => Promise<MediaStreamTrack[] | null>;
  onStream: (call: Call, stream: MediaStream | null) => void;
  onState: (call: Call, state: PeerState) => void;
  make?: PeerOptions['make'];
}

export interface DeviceCalls {
  /** The calls that this device answers, as they are now. */
  follow: (calls: readonly Call[]) => void;
  take: (signal: Signal) => void;
  close: () => void;
}

const TRIES = 3;
/** The first try may wait for cold functions on both ways; each further one is given as much more. */
const CONNECT_MS = 15_000;
/** A connection that stutters often comes back by itself. */
const PATIENCE_MS = 5_000;

/** Make the device's side; nothing happens before there is a call. */
export function createDeviceCalls(options: DeviceCallsOptions): DeviceCalls {
  const running = new Map<string, Running>();
  return {
    follow(calls) {
      const open = new Map(calls.filter(isOpen).map((call) => [call.call_id, call]));
      for (const [id, call] of running) {
        if (open.has(id)) continue;
        call.stop();
        running.delete(id);
      }
      for (const [id, call] of open) {
        if (!running.has(id)) running.set(id, run(call, options));
      }
    },
    take: (signal) => running.get(signal.call_id)?.take(signal),
    close() {
      running.forEach((call) => call.stop());
      running.clear();
    },
  };
}

const isOpen = (call: Call) => call.ended_at === null && call.accepted_at !== null;

interface Running {
  take: (signal: Signal) => void;
  stop: () => void;
}

function run(call: Call, options: DeviceCallsOptions): Running {
  const { line } = options;
  const asked = new Set<string>();
  let peer: Peer | null = null;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  async function begin(): Promise<void> {
    clearTimeout(timer);
    peer?.close();
    peer = null;
    if (over) return;
    if (tries++ >= TRIES) {
      give('lost');
      return;
    }
    timer = setTimeout(() => void begin(), CONNECT_MS * tries);
    try {
      const [ice, tracks] = await Promise.all([line.ice(), options.tracks(call.kind)]);
      if (isOver()) return;
      if (!tracks) {
        give('no_device');
        return;
      }
      peer = createPeer({
        id: newId(),
        ice,
        tracks,
        receive: call.kind === 'talk' ? ['audio'] : [],
        offers: true,
        say: (step) => line.signal(call.call_id, step),
        onStream: (stream) => options.onStream(call, stream),
        onState: heed,
        ...(options.make ? { make: options.make } : {}),
      });
    } catch {
      timer = setTimeout(() => void begin(), PATIENCE_MS);
    }
  }

  const isOver = () => over;

  function heed(state: PeerState): void {
    options.onState(call, state);
    if (state === 'connecting') return;
    clearTimeout(timer);
    if (state === 'connected') tries = 1;
    else timer = setTimeout(() => void begin(), state === 'failed' ? 0 : PATIENCE_MS);
  }

  function give(why: 'lost' | 'no_device'): void {
    clearTimeout(timer);
    void line.answer(call.call_id, why).catch(() => undefined);
  }

  void begin();
  return {
    take(signal) {
      if (signal.type === 'again') {
        if (asked.has(signal.peer)) return;
        asked.add(signal.peer);
        tries = 0;
        void begin();
      } else if (signal.peer === peer?.id) peer.take(signal);
    },
    stop() {
      over = true;
      clearTimeout(timer);
      peer?.close();
      options.onStream(call, null);
    },
  };
}
