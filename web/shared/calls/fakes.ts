/** A connection without a network: two of them meet when each has the other's description. */
export class FakeConnection {
  connectionState: RTCPeerConnectionState = 'new';
  iceGatheringState: RTCIceGatheringState = 'complete';
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  ontrack: ((event: { track: MediaStreamTrack }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  readonly tracks: MediaStreamTrack[] = [];
  readonly candidates: unknown[] = [];
  closed = false;

  addTrack(track: MediaStreamTrack): void {
    this.tracks.push(track);
  }

  addTransceiver(): void {
    // Nothing is received without a network.
  }

  addEventListener(): void {
    // Gathering is complete from the start.
  }

  setLocalDescription(): Promise<void> {
    const type = this.remoteDescription ? 'answer' : 'offer';
    this.localDescription = { type, sdp: `sdp of ${type}` };
    return Promise.resolve();
  }

  setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    this.remoteDescription = description;
    return Promise.resolve();
  }

  addIceCandidate(candidate: unknown): Promise<void> {
    this.candidates.push(candidate);
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.connectionState = 'closed';
  }

  changeState(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}
