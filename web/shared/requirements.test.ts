// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { missingFeatures } from './requirements';

afterEach(() => void vi.unstubAllGlobals());

it.each([
  ['sockets', 'WebSocket'],
  ['requests', 'AbortController'],
  ['requests', 'Request'],
  ['calls', 'RTCPeerConnection'],
  ['channels', 'BroadcastChannel'],
  ['dialogs', 'HTMLDialogElement'],
  ['pictures', 'HTMLCanvasElement'],
] as const)('%s are missing where the browser knows no %s', (feature, name) => {
  vi.stubGlobal(name, undefined);
  expect(missingFeatures([feature])).toEqual([feature]);
});

it('a camera is missing where the page is not secure', () => {
  vi.stubGlobal('navigator', {});
  expect(missingFeatures(['camera', 'locks'])).toEqual(['camera', 'locks']);
});

it('sound is heard by a worklet or by the browser’s recorder: one is enough', () => {
  const known = () => undefined;
  vi.stubGlobal('OfflineAudioContext', known);
  vi.stubGlobal('AudioWorkletNode', undefined);
  vi.stubGlobal('MediaRecorder', known);
  expect(missingFeatures(['sound'])).toEqual([]);
  vi.stubGlobal('MediaRecorder', undefined);
  expect(missingFeatures(['sound'])).toEqual(['sound']);
});
