import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import type { Call, Calls } from '../../shared/api/types';
import { createDeviceCalls } from '../../shared/calls/deviceCalls';
import { createLine } from '../../shared/calls/signaling';
import { readOften } from '../../shared/calls/pollWhile';
import type { SecondView } from '../session/session';
import type { PhoneCamera } from '../capture/camera';

/** Show the phone's camera live to whoever asks; tells who watches now. */
export function useLive(
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

  const line = createLine({ api, path: '/phone/calls/{call_id}', sessionId, say: view.say });

  const device = createDeviceCalls({
    line,
    tracks: () => Promise.resolve(camera.seen.stream.value?.getVideoTracks() ?? null),
    onStream: () => undefined,
    onState: () => undefined,
  });

  function adopt(next: Calls): void {
    if (!calls.value || next.version > calls.value.version) calls.value = next;
  }

  async function read(): Promise<void> {
    const found = await api.ask((it) => it.GET('/phone/messages'));
    adopt(found.calls);
    device.follow(watchers.value);
    found.signals.forEach(device.take);
  }
  const readAgain = () => void read().catch(() => undefined);

  onScopeDispose(
    view.hear({
      onPush(push) {
        if (push.type === 'calls') adopt(push.calls);
        if (push.type === 'signal') device.take(push.signal);
      },
      onResync: readAgain,
    }),
  );
  onScopeDispose(device.close);
  readAgain();

  watch(watchers, device.follow);
  // Turned around, it is another track: whoever watches gets that one.
  watch(camera.seen.stream, () => {
    device.close();
    device.follow(watchers.value);
  });
  readOften(() => watchers.value.length > 0 && view.link.value !== 'open', readAgain);
  return watchers;
}
