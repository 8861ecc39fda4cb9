/** Whether other browsers can reach this one for the live view: by which kinds of address. */
import type { Ice } from '../../../shared/api/types';
import { toRtcConfiguration } from '../../../shared/calls/rtcConfiguration';
import type { Measurement } from './computer';

export const PUBLIC = 2;
export const LOCAL = 1;
export const UNREACHABLE = 0;

const GATHER_MS = 5_000;

/** Gather this browser's addresses: host, reflexive (as seen from outside), relay. */
export async function probeReachability(
  ice: Ice,
  open: (config: RTCConfiguration) => RTCPeerConnection = (config) => new RTCPeerConnection(config),
): Promise<Measurement> {
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

async function gatherKinds(connection: RTCPeerConnection): Promise<Set<string>> {
  const kinds = new Set<string>();
  const finished = new Promise<void>((resolve) => {
    setTimeout(resolve, GATHER_MS);
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate) resolve();
      else if (candidate.type) kinds.add(candidate.type);
    };
  });
  connection.createDataChannel('check');
  await connection.setLocalDescription(await connection.createOffer());
  await finished;
  return kinds;
}
