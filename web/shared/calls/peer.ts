/**
 * One attempt to connect two browsers. The device offers, the staff's page answers; so the two never
 * offer at once. Candidates found later are sent in batches, within the API's limit.
 */
import type { Ice, Signal, SignalStep } from '../api/types';
import { toRtcConfiguration } from './rtcConfiguration';

export type PeerState = 'connecting' | 'connected' | 'interrupted' | 'failed';

export interface Peer {
  readonly id: string;
  /** Handle a signal of the other side; idempotent by its number. */
  handleSignal(step: Pick<Signal, 'number' | 'type' | 'sdp' | 'candidates'>): void;
  close(): void;
}

export interface PeerOptions {
  id: string;
  ice: Ice;
  /** The tracks that this side sends. */
  tracks: readonly MediaStreamTrack[];
  /** What it wants to get where it has no track of its own to send. */
  receive: readonly ('audio' | 'video')[];
  offers: boolean;
  send: (step: SignalStep) => void;
  onStream: (stream: MediaStream) => void;
  onState: (state: PeerState) => void;
  createConnection?: (config: RTCConfiguration) => RTCPeerConnection;
}

/** How long the first description waits for addresses: most are known at once. */
const GATHER_MS = 700;
const BATCH_MS = 300;
/** What the API takes in one step. */
const MAX_CANDIDATES = 20;

const STATES: Partial<Record<RTCPeerConnectionState | RTCIceConnectionState, PeerState>> = {
  connected: 'connected',
  completed: 'connected',
  disconnected: 'interrupted',
  failed: 'failed',
};

/** Begin to connect. */
export function createPeer(options: PeerOptions): Peer {
  const createConnection =
    options.createConnection ?? ((config: RTCConfiguration) => new RTCPeerConnection(config));
  const connection = createConnection({
    ...toRtcConfiguration(options.ice),
    bundlePolicy: 'max-bundle',
  });
  const handledNumbers = new Set<number>();
  const earlyCandidates: RTCIceCandidateInit[] = [];
  let outgoing: RTCIceCandidate[] = [];
  let descriptionSent = false;
  let number = 0;
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let work = Promise.resolve();
  let closed = false;

  options.tracks.forEach((track) => connection.addTrack(track, new MediaStream([track])));
  if (options.offers) {
    for (const kind of options.receive) {
      const isSent = options.tracks.some((track) => track.kind === kind);
      if (!isSent) connection.addTransceiver(kind, { direction: 'recvonly' });
    }
  }

  const remoteStream = new MediaStream();
  connection.ontrack = ({ track }) => {
    remoteStream.addTrack(track);
    options.onStream(new MediaStream(remoteStream.getTracks()));
  };
  watchState(connection, (state) => !closed && options.onState(state));
  connection.onicecandidate = ({ candidate }) => {
    if (!candidate?.candidate || !descriptionSent) return; // the description holds those found before it
    outgoing.push(candidate);
    flushTimer ??= setTimeout(flush, BATCH_MS);
  };

  function send(
    type: SignalStep['type'],
    sdp: string | null,
    candidates: SignalStep['candidates'] = [],
  ): void {
    if (!closed) options.send({ peer: options.id, number: number++, type, sdp, candidates });
  }

  function flush(): void {
    flushTimer = undefined;
    const batch = outgoing.splice(0, MAX_CANDIDATES);
    if (batch.length === 0) return;
    send(null, null, batch.map(toWire));
    if (outgoing.length > 0) flushTimer = setTimeout(flush, BATCH_MS);
  }

  async function sendDescription(): Promise<void> {
    await connection.setLocalDescription();
    await waitForGathering(connection);
    const description = connection.localDescription;
    if (!description) return;
    descriptionSent = true;
    send(description.type as 'offer' | 'answer', description.sdp);
  }

  async function applyStep(step: Parameters<Peer['handleSignal']>[0]): Promise<void> {
    if (step.sdp && (step.type === 'offer' || step.type === 'answer')) {
      await connection.setRemoteDescription({ type: step.type, sdp: step.sdp });
      await Promise.all(
        earlyCandidates.splice(0).map((candidate) => connection.addIceCandidate(candidate)),
      );
      if (step.type === 'offer') await sendDescription();
    }
    for (const candidate of step.candidates.map(fromWire)) {
      if (connection.remoteDescription) await connection.addIceCandidate(candidate);
      else earlyCandidates.push(candidate);
    }
  }

  /** Steps are taken one after the other; one that cannot be is the attempt's end. */
  function enqueue(act: () => Promise<void>): void {
    work = work.then(act).catch(() => {
      if (!closed) options.onState('failed');
    });
  }

  options.onState('connecting');
  if (options.offers) enqueue(sendDescription);
  return {
    id: options.id,
    handleSignal(step) {
      if (closed || handledNumbers.has(step.number)) return;
      handledNumbers.add(step.number);
      enqueue(() => applyStep(step));
    },
    close() {
      closed = true;
      clearTimeout(flushTimer);
      outgoing = [];
      connection.close();
    },
  };
}

/** Follow a connection's state. Firefox before 113 tells ICE's alone, which is the part that breaks. */
function watchState(connection: RTCPeerConnection, onState: (state: PeerState) => void): void {
  const hasOwnState = 'connectionState' in (connection as Partial<RTCPeerConnection>);
  const onChange = () => {
    const state = STATES[hasOwnState ? connection.connectionState : connection.iceConnectionState];
    if (state) onState(state);
  };
  if (hasOwnState) connection.onconnectionstatechange = onChange;
  else connection.oniceconnectionstatechange = onChange;
}

/** Wait until all addresses are known, but not long. */
function waitForGathering(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const timeout = setTimeout(resolve, GATHER_MS);
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState !== 'complete') return;
      clearTimeout(timeout);
      resolve();
    });
  });
}

function toWire(candidate: RTCIceCandidate) {
  return {
    candidate: candidate.candidate,
    sdp_mid: candidate.sdpMid,
    sdp_m_line_index: candidate.sdpMLineIndex,
  };
}

function fromWire(
  candidate: SignalStep['candidates'] extends (infer Entry)[] | undefined ? Entry : never,
) {
  return {
    candidate: candidate.candidate,
    sdpMid: candidate.sdp_mid,
    sdpMLineIndex: candidate.sdp_m_line_index,
  };
}
