/** The staff's side of one call: it answers what the device offers, and asks anew where nothing comes. */
import type { Signal } from '../api/types';
import { newId } from '../ids';
import type { Line } from './signaling';
import { createPeer, type Peer, type PeerOptions, type PeerState } from './peer';

export interface StaffCallOptions {
  callId: string;
  line: Line;
  /** The device is connected to an earlier page: ask it to begin anew at once. */
  rejoin?: boolean;
  /** The staff member's microphone, for a talk. */
  tracks: readonly MediaStreamTrack[];
  onStream: (stream: MediaStream) => void;
  onState: (state: PeerState) => void;
  /** Not to be mended: the call is over. */
  onLost: () => void;
  make?: PeerOptions['make'];
}

export interface StaffCall {
  take: (signal: Signal) => void;
  close: () => void;
}

/** As long for the first try, twice for the second: asking anew sooner would only begin it again. */
const WAIT_MS = 12_000;
const TRIES = 2;

/** Wait for the device's offer and answer it. */
export function createStaffCall(options: StaffCallOptions): StaffCall {
  const { line, callId } = options;
  const ice = line.ice();
  const waiting = new Map<string, Signal[]>();
  let current: string | null = null;
  let peer: Peer | null = null;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  function wait(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(again, ms);
  }

  function again(): void {
    if (over) return;
    if (++tries > TRIES) {
      options.onLost();
      return;
    }
    line.signal(callId, {
      peer: newId(),
      number: 0,
      type: 'again',
      sdp: null,
      candidates: [],
    });
    wait(patience());
  }

  const patience = () => WAIT_MS * (tries + 1);

  function heed(state: PeerState): void {
    options.onState(state);
    if (state === 'connected') {
      tries = 0;
      clearTimeout(timer);
      // The device mends what breaks; where it is gone itself, this ends the call.
    } else if (state !== 'connecting') wait(state === 'failed' ? 4_000 : WAIT_MS);
  }

  async function answer(id: string): Promise<void> {
    current = id;
    peer?.close();
    peer = null;
    wait(patience());
    const servers = await ice;
    if (over || current !== id) return;
    const made = createPeer({
      id,
      ice: servers,
      tracks: options.tracks,
      receive: [],
      offers: false,
      say: (step) => line.signal(callId, step),
      onStream: options.onStream,
      onState: (state) => current === id && heed(state),
      ...(options.make ? { make: options.make } : {}),
    });
    peer = made;
    waiting.get(id)?.forEach((signal) => made.take(signal));
    waiting.delete(id);
  }

  options.onState('connecting');
  if (options.rejoin) again();
  else wait(WAIT_MS);
  ice.catch(() => !over && options.onLost());
  return {
    take(signal) {
      if (over || signal.call_id !== callId) return;
      if (signal.peer === current && peer) {
        peer.take(signal);
        return;
      }
      // What comes before its offer waits for it.
      const kept = waiting.get(signal.peer) ?? [];
      waiting.set(signal.peer, [...kept, signal]);
      if (signal.type === 'offer' && signal.peer !== current) void answer(signal.peer);
    },
    close() {
      over = true;
      clearTimeout(timer);
      peer?.close();
    },
  };
}
