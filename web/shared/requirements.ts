/** What the pages' code needs of a browser, each asked for as the code uses it. */
const FEATURES = {
  /** Camera, workers and identifiers are lent to secure pages only. */
  https: () => isSecureContext,
  camera: () => typeof navigator.mediaDevices.getUserMedia === 'function',
  requests: () => typeof Request === 'function' && typeof AbortController === 'function',
  pictures: () => typeof HTMLCanvasElement.prototype.toBlob === 'function',
  dialogs: () => typeof HTMLDialogElement.prototype.showModal === 'function',
  sockets: () => typeof WebSocket === 'function',
  /** Clips are taken by a worklet, or by the browser's recorder where its sound is silent. */
  sound: () =>
    typeof OfflineAudioContext === 'function' &&
    (typeof AudioWorkletNode === 'function' || typeof MediaRecorder === 'function'),
  /** Live video and talks; everything else goes on without. */
  calls: () => typeof RTCPeerConnection === 'function',
  /** Several tabs of one exam agree by these; without them each works for itself. */
  locks: () => 'locks' in navigator,
  channels: () => typeof BroadcastChannel === 'function',
} as const;

export type Feature = keyof typeof FEATURES;

/** Which of some features this browser lacks. */
export function missingFeatures<Name extends Feature>(names: readonly Name[]): Name[] {
  return names.filter((name) => !isThere(FEATURES[name]));
}

function isThere(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false; // the name itself is unknown
  }
}
