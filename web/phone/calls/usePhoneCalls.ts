import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import type { Call, Calls } from '../../shared/api/types';
import { createDeviceCalls } from '../../shared/calls/deviceCalls';
import { createSignaling } from '../../shared/calls/signaling';
import { pollWhile } from '../../shared/calls/pollWhile';
import type { SecondView } from '../session/session';
import type { PhoneCamera } from '../capture/camera';

/** Stream the phone's camera to staff who request it; returns the current viewers. */
export function usePhoneCalls(
  view: SecondView,
  camera: PhoneCamera,
  sessionId: string,
): ComputedRef<Call[]> {
  const { api } = view;
  const calls = shallowRef<Calls | null>(null);
  const watchers = computed(
    () =>
      calls.value?.calls.filter((call) => call.device === 'phone' && call.ended_at === null) ?? [],
  );

  const signaling = createSignaling({
    api,
    path: '/phone/calls/{call_id}',
    sessionId,
    send: view.send,
  });

  const device = createDeviceCalls({
    signaling,
    tracks: () => Promise.resolve(camera.media.stream.value?.getVideoTracks() ?? null),
    onStream: () => undefined,
    onState: () => undefined,
  });

  function adopt(next: Calls): void {
    if (!calls.value || next.version > calls.value.version) calls.value = next;
  }

  async function read(): Promise<void> {
    const messages = await api.request((client) => client.GET('/phone/messages'));
    adopt(messages.calls);
    device.setCalls(watchers.value);
    messages.signals.forEach(device.handleSignal);
  }
  const refresh = () => void read().catch(() => undefined);

  onScopeDispose(
    view.subscribe({
      onPush(push) {
        if (push.type === 'calls') adopt(push.calls);
        if (push.type === 'signal') device.handleSignal(push.signal);
      },
      onResync: refresh,
    }),
  );
  onScopeDispose(device.close);
  refresh();

  watch(watchers, device.setCalls);
  // Turned around, it is another track: whoever watches gets that one.
  watch(camera.media.stream, () => {
    device.close();
    device.setCalls(watchers.value);
  });
  pollWhile(() => watchers.value.length > 0 && view.connection.value !== 'open', refresh);
  return watchers;
}
