/** Whether other browsers can reach this one for the live view: by which kinds of address. */
import type { Ice } from '../../../shared/api/types';
import type { Measured } from './computer';

export const OUTSIDE = 2;
export const INSIDE = 1;
export const NOWHERE = 0;

const LONGEST_MS = 5_000;

/** Gather this browser's addresses: host, reflexive (as seen from outside), relay. */
export async function reach(
  told: Ice,
  open: (config: RTCConfiguration) => RTCPeerConnection = (config) => new RTCPeerConnection(config),
): Promise<Measured> {
  const connection = open(configOf(told));
  try {
    const kinds = await gathered(connection);
    return { value: worth(kinds), note: [...kinds].sort().join(' ') };
  } finally {
    connection.close();
  }
}

/** The servers that the API names, as the browser takes them. */
function configOf({ servers, relay_only }: Ice): RTCConfiguration {
  return {
    iceServers: servers.map(({ urls, username, credential }) => ({
      urls,
      ...(username && credential ? { username, credential } : {}),
    })),
    iceTransportPolicy: relay_only ? 'relay' : 'all',
  };
}

/** A relay or an address seen from outside crosses networks; a host's reaches its own only. */
export function worth(kinds: ReadonlySet<string>): number {
  if (kinds.has('srflx') || kinds.has('relay')) return OUTSIDE;
  return kinds.has('host') ? INSIDE : NOWHERE;
}

async function gathered(connection: RTCPeerConnection): Promise<Set<string>> {
  const kinds = new Set<string>();
  const over = new Promise<void>((resolve) => {
    setTimeout(resolve, LONGEST_MS);
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate) resolve();
      else if (candidate.type) kinds.add(candidate.type);
    };
  });
  connection.createDataChannel('check');
  await connection.setLocalDescription(await connection.createOffer());
  await over;
  return kinds;
}
