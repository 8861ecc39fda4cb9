import { onScopeDispose, watch, type ShallowRef } from 'vue';
import { FINAL_STATES } from '../../shared/finalStates';
import type { SecondView } from '../session/session';

const MAX_NAME = 100;
const RETRY_MS = 30_000;

/** Tell the proctor which camera the phone uses, when it starts and whenever it is another one. */
export function useCameraReports(
  view: Pick<SecondView, 'api' | 'session'>,
  stream: Readonly<ShallowRef<MediaStream | null>>,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sent = '';

  async function report(): Promise<void> {
    clearTimeout(timer);
    const state = view.session.value?.state;
    const camera = (stream.value?.getVideoTracks()[0]?.label ?? '').slice(0, MAX_NAME);
    if (!state || FINAL_STATES.has(state) || !camera || camera === sent) return;
    try {
      await view.api.request((client) => client.POST('/phone/devices', { body: { camera } }));
      sent = camera;
    } catch {
      timer = setTimeout(() => void report(), RETRY_MS);
    }
  }

  watch(stream, () => void report(), { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
}
