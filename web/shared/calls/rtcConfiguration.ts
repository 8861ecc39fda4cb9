import type { Ice } from '../api/types';

/** The ICE servers that the API names, as the browser takes them. */
export function toRtcConfiguration(ice: Ice): RTCConfiguration {
  return {
    iceServers: ice.servers.map(({ urls, username, credential }) =>
      username && credential ? { urls, username, credential } : { urls },
    ),
    iceTransportPolicy: ice.relay_only ? 'relay' : 'all',
  };
}
