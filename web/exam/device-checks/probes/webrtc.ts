/** Whether other browsers can reach this one for the live view: by which kinds of address. */
import type { Ice } from '../../../shared/api/types';
import { toRtcConfiguration } from '../../../shared/calls/rtcConfiguration';
import { missingFeatures } from '../../../shared/requirements';
import type { Measurement } from './computer';

export const PUBLIC = 2;
export const LOCAL = 1;
export const UNREACHABLE = 0;

/** The browser has no live connections at all: nothing was measured. */
export const NO_WEBRTC = 'no-webrtc';

const openConnection = (config: RTCConfiguration) => new RTCPeerConnection(config);

const GATHER_MS = 5_000;

/** Gather this browser's addresses: host, reflexive (as seen from outside), relay. */
export async function probeReachability(
  ice: Ice,
  open: (config: RTCConfiguration) => RTCPeerConnection = openConnection,
): Promise<Measurement> {
  if (missingFeatures(['calls']).length > 0 && open === openConnection)
    return { value: null, note: NO_WEBRTC };
  const connection = open(toRtcConfiguration(ice));
  try {
    const kinds = await gatherKinds(connection);
    return { value: reachability(kinds), note: [...kinds].sort().join(' ') };
  } finally {
    connection.close();
  }
}

/** A relay or an address seen from outside crosses networks; a host's reaches its own only. */
export function reachability(kinds: ReadonlySet<string>): number {
  if (kinds.has('srflx') || kinds.has('relay')) return PUBLIC;
  return kinds.has('host') ? LOCAL : UNREACHABLE;
}

/** The kind of an address, as it is written down: older browsers have no `type`. */
const kindOf = ({ candidate }: RTCIceCandidate) => / typ (\w+)/.exec(candidate)?.[1] ?? '';

async function gatherKinds(connection: RTCPeerConnection): Promise<Set<string>> {
  const kinds = new Set<string>();
  const finished = new Promise<void>((resolve) => {
    setTimeout(resolve, GATHER_MS);
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate) resolve();
      else kinds.add(kindOf(candidate));
    };
  });
  connection.createDataChannel('check');
  await connection.setLocalDescription(await connection.createOffer());
  await finished;
  return kinds;
}
