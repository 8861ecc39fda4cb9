/** The staff's side of one call: it answers the device's offer, and requests a new one where none arrives. */
import type { Signal } from '../api/types';
import { newId } from '../ids';
import type { Signaling } from './signaling';
import { createPeer, type Peer, type PeerOptions, type PeerState } from './peer';

export interface StaffCallOptions {
  callId: string;
  signaling: Signaling;
  /** The device is connected to an earlier page: request a restart at once. */
  rejoin?: boolean;
  /** The staff member's microphone, for a talk. */
  tracks: readonly MediaStreamTrack[];
  onStream: (stream: MediaStream) => void;
  onState: (state: PeerState) => void;
  /** Not to be mended: the call is over. */
  onLost: () => void;
  createConnection?: PeerOptions['createConnection'];
}

export interface StaffCall {
  handleSignal: (signal: Signal) => void;
  close: () => void;
}

/** Doubled for the second attempt: an earlier request would only restart the first. */
const WAIT_MS = 12_000;
const MAX_ATTEMPTS = 2;

/** Wait for the device's offer and answer it. */
export function createStaffCall(options: StaffCallOptions): StaffCall {
  const { signaling, callId } = options;
  const ice = signaling.ice();
  const earlySignals = new Map<string, Signal[]>();
  let currentPeerId: string | null = null;
  let peer: Peer | null = null;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function startTimer(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(requestOffer, ms);
  }

  function requestOffer(): void {
    if (closed) return;
    if (++attempts > MAX_ATTEMPTS) {
      options.onLost();
      return;
    }
    signaling.signal(callId, {
      peer: newId(),
      number: 0,
      type: 'again',
      sdp: null,
      candidates: [],
    });
    startTimer(timeoutMs());
  }

  const timeoutMs = () => WAIT_MS * (attempts + 1);

  function onStateChange(state: PeerState): void {
    options.onState(state);
    if (state === 'connected') {
      attempts = 0;
      clearTimeout(timer);
      // The device mends what breaks; where it is gone itself, this ends the call.
    } else if (state !== 'connecting') startTimer(state === 'failed' ? 4_000 : WAIT_MS);
  }

  async function answerOffer(id: string): Promise<void> {
    currentPeerId = id;
    peer?.close();
    peer = null;
    startTimer(timeoutMs());
    const iceServers = await ice;
    if (closed || currentPeerId !== id) return;
    const attempt = createPeer({
      id,
      ice: iceServers,
      tracks: options.tracks,
      receive: [],
      offers: false,
      send: (step) => signaling.signal(callId, step),
      onStream: options.onStream,
      onState: (state) => currentPeerId === id && onStateChange(state),
      ...(options.createConnection ? { createConnection: options.createConnection } : {}),
    });
    peer = attempt;
    earlySignals.get(id)?.forEach((signal) => attempt.handleSignal(signal));
    earlySignals.delete(id);
  }

  options.onState('connecting');
  if (options.rejoin) requestOffer();
  else startTimer(WAIT_MS);
  ice.catch(() => !closed && options.onLost());
  return {
    handleSignal(signal) {
      if (closed || signal.call_id !== callId) return;
      if (signal.peer === currentPeerId && peer) {
        peer.handleSignal(signal);
        return;
      }
      // What comes before its offer waits for it.
      const signals = earlySignals.get(signal.peer) ?? [];
      earlySignals.set(signal.peer, [...signals, signal]);
      if (signal.type === 'offer' && signal.peer !== currentPeerId) void answerOffer(signal.peer);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      peer?.close();
    },
  };
}
