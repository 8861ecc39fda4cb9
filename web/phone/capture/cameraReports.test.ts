import { effectScope, nextTick, shallowRef } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Api } from '../../shared/api/client';
import type { PhoneSession } from '../../shared/api/types';
import { useCameraReports } from './cameraReports';

const streamOf = (label: string) =>
  ({ getVideoTracks: () => [{ label }] }) as unknown as MediaStream;

let sent: string[];
let failures: number;
const stream = shallowRef<MediaStream | null>(null);
const session = shallowRef<PhoneSession | null>(null);

/** An API that only takes reports of the camera. */
const api = {
  request: async (call: (client: { POST: (...args: unknown[]) => unknown }) => unknown) => {
    if (failures-- > 0) throw new Error('the line is down');
    call({ POST: (path, options) => sent.push(`${String(path)} ${JSON.stringify(options)}`) });
    return Promise.resolve();
  },
} as unknown as Api;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  failures = 0;
  session.value = { state: 'answering' } as PhoneSession;
  stream.value = null;
});

afterEach(() => vi.useRealTimers());

async function show(label: string): Promise<void> {
  stream.value = streamOf(label);
  await nextTick();
  await vi.advanceTimersByTimeAsync(0);
}

test('a camera is told once, and another one again', async () => {
  const own = effectScope();
  own.run(() => useCameraReports({ api, session }, stream));
  await show('Back Camera');
  await show('Back Camera');
  await show('DroidCam Source 3');
  expect(sent).toEqual([
    '/phone/devices {"body":{"camera":"Back Camera"}}',
    '/phone/devices {"body":{"camera":"DroidCam Source 3"}}',
  ]);
  own.stop();
});

test('a report that was lost is sent again', async () => {
  failures = 1;
  const own = effectScope();
  own.run(() => useCameraReports({ api, session }, stream));
  await show('Back Camera');
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(sent).toHaveLength(1);
  own.stop();
});

test('after the end nothing is told', async () => {
  session.value = { state: 'submitted' } as PhoneSession;
  const own = effectScope();
  own.run(() => useCameraReports({ api, session }, stream));
  await show('Back Camera');
  expect(sent).toEqual([]);
  own.stop();
});
