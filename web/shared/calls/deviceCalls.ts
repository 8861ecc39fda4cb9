/**
 * The device's side of all calls: it offers its camera or microphone to the staff member who called,
 * reconnects where a connection breaks, and ends the call where that fails.
 */
import type { Call, CallKind, Signal } from '../api/types';
import { newId } from '../ids';
import type { Signaling } from './signaling';
import { createPeer, type Peer, type PeerOptions, type PeerState } from './peer';

export interface DeviceCallsOptions {
  signaling: Signaling;
  /** The tracks for a call, or null where the device has none to give. */
  tracks: (kind: CallKind) => Promise<MediaStreamTrack[] | null>;
  onStream: (call: Call, stream: MediaStream | null) => void;
  onState: (call: Call, state: PeerState) => void;
  createConnection?: PeerOptions['createConnection'];
}

export interface DeviceCalls {
  /** The calls that this device answers, as they are now. */
  setCalls: (calls: readonly Call[]) => void;
  handleSignal: (signal: Signal) => void;
  /** Begin some of the calls anew, as with another camera or microphone than before. */
  restart: (isAffected: (call: Call) => boolean) => void;
  close: () => void;
}

const MAX_ATTEMPTS = 3;
/** The first try may wait for cold functions on both ways; each further one is given as much more. */
const CONNECT_MS = 15_000;
/** A connection that stutters often comes back by itself. */
const RETRY_MS = 5_000;

/** Create the device's side; idle until there is a call. */
export function createDeviceCalls(options: DeviceCallsOptions): DeviceCalls {
  const running = new Map<string, RunningCall>();
  const start = (call: Call) => running.set(call.call_id, startCall(call, options));
  return {
    setCalls(calls) {
      const open = new Map(calls.filter(isOpen).map((call) => [call.call_id, call]));
      for (const [id, call] of running) {
        if (open.has(id)) continue;
        call.stop();
        running.delete(id);
      }
      for (const [id, call] of open) {
        if (!running.has(id)) start(call);
      }
    },
    handleSignal: (signal) => running.get(signal.call_id)?.handleSignal(signal),
    restart(isAffected) {
      for (const { call, stop } of [...running.values()].filter(({ call }) => isAffected(call))) {
        stop();
        start(call);
      }
    },
    close() {
      running.forEach((call) => call.stop());
      running.clear();
    },
  };
}

const isOpen = (call: Call) => call.ended_at === null && call.accepted_at !== null;

interface RunningCall {
  readonly call: Call;
  handleSignal: (signal: Signal) => void;
  stop: () => void;
}

function startCall(call: Call, options: DeviceCallsOptions): RunningCall {
  const { signaling } = options;
  const restartedPeers = new Set<string>();
  let peer: Peer | null = null;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  async function connect(): Promise<void> {
    clearTimeout(timer);
    peer?.close();
    peer = null;
    if (stopped) return;
    if (attempts++ >= MAX_ATTEMPTS) {
      giveUp('lost');
      return;
    }
    timer = setTimeout(() => void connect(), CONNECT_MS * attempts);
    try {
      const [ice, tracks] = await Promise.all([signaling.ice(), options.tracks(call.kind)]);
      if (hasStopped()) return;
      if (!tracks) {
        giveUp('no_device');
        return;
      }
      peer = createPeer({
        id: newId(),
        ice,
        tracks,
        receive: call.kind === 'talk' ? ['audio'] : [],
        offers: true,
        send: (step) => signaling.signal(call.call_id, step),
        onStream: (stream) => options.onStream(call, stream),
        onState: onStateChange,
        ...(options.createConnection ? { createConnection: options.createConnection } : {}),
      });
    } catch {
      timer = setTimeout(() => void connect(), RETRY_MS);
    }
  }

  const hasStopped = () => stopped;

  function onStateChange(state: PeerState): void {
    options.onState(call, state);
    if (state === 'connecting') return;
    clearTimeout(timer);
    if (state === 'connected') attempts = 1;
    else timer = setTimeout(() => void connect(), state === 'failed' ? 0 : RETRY_MS);
  }

  function giveUp(reason: 'lost' | 'no_device'): void {
    clearTimeout(timer);
    void signaling.answer(call.call_id, reason).catch(() => undefined);
  }

  void connect();
  return {
    call,
    handleSignal(signal) {
      if (signal.type === 'again') {
        if (restartedPeers.has(signal.peer)) return;
        restartedPeers.add(signal.peer);
        attempts = 0;
        void connect();
      } else if (signal.peer === peer?.id) peer.handleSignal(signal);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      peer?.close();
      options.onStream(call, null);
    },
  };
}
