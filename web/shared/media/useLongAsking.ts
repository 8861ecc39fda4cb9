import { ref, watch, type Ref } from 'vue';
import type { DeviceState } from './device';

/** A question of the browser's that is still open by then was not seen. */
const LONG_MS = 8_000;

/** Whether the browser's question has been open for so long that the person should be helped. */
export function useLongAsking(state: Readonly<Ref<DeviceState>>): Ref<boolean> {
  const isLong = ref(false);
  watch(
    state,
    (now, _, onCleanup) => {
      isLong.value = false;
      if (now !== 'asking') return;
      const timer = setTimeout(() => (isLong.value = true), LONG_MS);
      onCleanup(() => clearTimeout(timer));
    },
    { immediate: true },
  );
  return isLong;
}
