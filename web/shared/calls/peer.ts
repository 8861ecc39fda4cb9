/**
 * One attempt to connect two browsers. The device offers, the staff's page answers; so the two never
 * offer at once. Addresses that are found later are told in batches, few enough to be kept.
 */
import type { Ice, Signal, Step } from '../api/types';

export type PeerState = 'connecting' | 'connected' | 'interrupted' | 'failed';

export interface Peer {
  readonly id: string;
  /** Take what the other side's browser says; twice the same is known by its number. */
  take(step: Pick<Signal, 'number' | 'type' | 'sdp' | 'candidates'>): void;
  close(): void;
}

export interface PeerOptions {
  id: string;
  ice: Ice;
  /** What this side shows and says. */
  tracks: readonly MediaStreamTrack[];
  /** What it wants to get where it has no track of its own to send. */
  receive: readonly ('audio' | 'video')[];
  offers: boolean;
  say: (step: Step) => void;
  onStream: (stream: MediaStream) => void;
  onState: (state: PeerState) => void;
  make?: (config: RTCConfiguration) => RTCPeerConnection;
}

/** How long the first description waits for addresses: most are known at once. */
const GATHER_MS = 700;
const BATCH_MS = 300;
/** What the API takes in one step. */
const MOST_CANDIDATES = 20;

const STATES: Partial<Record<RTCPeerConnectionState, PeerState>> = {
  connected: 'connected',
  disconnected: 'interrupted',
  failed: 'failed',
};

/** Begin to connect. */
export function createPeer(options: PeerOptions): Peer {
  const make = options.make ?? ((config: RTCConfiguration) => new RTCPeerConnection(config));
  const connection = make(configured(options.ice));
  const taken = new Set<number>();
  const early: RTCIceCandidateInit[] = [];
  let later: RTCIceCandidate[] = [];
  let told = false;
  let number = 0;
  let flushing: ReturnType<typeof setTimeout> | undefined;
  let work = Promise.resolve();
  let closed = false;

  options.tracks.forEach((track) => connection.addTrack(track, new MediaStream([track])));
  if (options.offers) {
    for (const kind of options.receive) {
      const sent = options.tracks.some((track) => track.kind === kind);
      if (!sent) connection.addTransceiver(kind, { direction: 'recvonly' });
    }
  }

  const arrived = new MediaStream();
  connection.ontrack = ({ track }) => {
    arrived.addTrack(track);
    options.onStream(new MediaStream(arrived.getTracks()));
  };
  connection.onconnectionstatechange = () => {
    const state = STATES[connection.connectionState];
    if (state && !closed) options.onState(state);
  };
  connection.onicecandidate = ({ candidate }) => {
    if (!candidate?.candidate || !told) return; // the description holds those found before it
    later.push(candidate);
    flushing ??= setTimeout(flush, BATCH_MS);
  };

  function say(type: Step['type'], sdp: string | null, candidates: Step['candidates'] = []): void {
    if (!closed) options.say({ peer: options.id, number: number++, type, sdp, candidates });
  }

  function flush(): void {
    flushing = undefined;
    const batch = later.splice(0, MOST_CANDIDATES);
    if (batch.length === 0) return;
    say(null, null, batch.map(plain));
    if (later.length > 0) flushing = setTimeout(flush, BATCH_MS);
  }

  async function describe(): Promise<void> {
    await connection.setLocalDescription();
    await gathered(connection);
    const description = connection.localDescription;
    if (!description) return;
    told = true;
    say(description.type as 'offer' | 'answer', description.sdp);
  }

  async function apply(step: Parameters<Peer['take']>[0]): Promise<void> {
    if (step.sdp && (step.type === 'offer' || step.type === 'answer')) {
      await connection.setRemoteDescription({ type: step.type, sdp: step.sdp });
      await Promise.all(early.splice(0).map((candidate) => connection.addIceCandidate(candidate)));
      if (step.type === 'offer') await describe();
    }
    for (const candidate of step.candidates.map(init)) {
      if (connection.remoteDescription) await connection.addIceCandidate(candidate);
      else early.push(candidate);
    }
  }

  /** Steps are taken one after the other; one that cannot be is the attempt's end. */
  function then(act: () => Promise<void>): void {
    work = work.then(act).catch(() => {
      if (!closed) options.onState('failed');
    });
  }

  options.onState('connecting');
  if (options.offers) then(describe);
  return {
    id: options.id,
    take(step) {
      if (closed || taken.has(step.number)) return;
      taken.add(step.number);
      then(() => apply(step));
    },
    close() {
      closed = true;
      clearTimeout(flushing);
      later = [];
      connection.close();
    },
  };
}

function configured(ice: Ice): RTCConfiguration {
  return {
    iceServers: ice.servers.map(({ urls, username, credential }) =>
      username && credential ? { urls, username, credential } : { urls },
    ),
    iceTransportPolicy: ice.relay_only ? 'relay' : 'all',
    bundlePolicy: 'max-bundle',
  };
}

/** Wait until all addresses are known, but not long. */
function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(resolve, GATHER_MS);
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState !== 'complete') return;
      clearTimeout(late);
      resolve();
    });
  });
}

function plain(candidate: RTCIceCandidate) {
  return {
    candidate: candidate.candidate,
    sdp_mid: candidate.sdpMid,
    sdp_m_line_index: candidate.sdpMLineIndex,
  };
}

function init(candidate: Step['candidates'] extends (infer Entry)[] | undefined ? Entry : never) {
  return {
    candidate: candidate.candidate,
    sdpMid: candidate.sdp_mid,
    sdpMLineIndex: candidate.sdp_m_line_index,
  };
}
