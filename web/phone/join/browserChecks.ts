import { computed, onScopeDispose, reactive, watch } from 'vue';
import type { DeviceState } from '../../shared/media/device';
import { SNAPSHOT } from '../../shared/media/frameGrabber';
import type { PhoneCamera } from '../capture/camera';

export type Result = 'wait' | 'run' | 'pass' | 'fail';
export const CHECKS = ['compatible', 'permitted', 'found', 'usable'] as const;
export type Check = (typeof CHECKS)[number];

const LOOK_MS = 500;
/** A camera may take this long to show its first picture. */
const PATIENCE = 12;
/** An even black picture makes a smaller file than this: the lens is covered. */
const SMALLEST = 1_500;

const DENIED: DeviceState[] = ['denied'];
const ABSENT: DeviceState[] = ['missing', 'busy', 'lost'];

/** The four checks of a camera (兼容性、权限、设备检测、设备可用性), each after the one before. */
export function useCameraCheck({ seen, eye }: PhoneCamera) {
  const results = reactive<Record<Check, Result>>({
    compatible: 'wait',
    permitted: 'wait',
    found: 'wait',
    usable: 'wait',
  });
  const begun = computed(() => results.compatible !== 'wait');
  const passed = computed(() => CHECKS.every((check) => results[check] === 'pass'));
  let looks = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function begin(): void {
    if (seen.state.value === 'off') seen.device.start();
    else seen.device.again();
    judge(seen.state.value);
  }

  function set(...states: Result[]): void {
    CHECKS.forEach((check, index) => (results[check] = states[index] ?? 'wait'));
  }

  function judge(state: DeviceState): void {
    clearTimeout(timer);
    if (state === 'off') set();
    else if (state === 'unsupported') set('fail');
    else if (state === 'asking') set('pass', 'run');
    else if (DENIED.includes(state)) set('pass', 'fail');
    else if (ABSENT.includes(state)) set('pass', 'pass', 'fail');
    else {
      set('pass', 'pass', 'pass', 'run');
      looks = 0;
      void look();
    }
  }

  /** Usable is what makes a picture that shows something. */
  async function look(): Promise<void> {
    const picture = await eye.take(SNAPSHOT);
    if (seen.state.value !== 'live') return;
    if (picture && picture.size >= SMALLEST) results.usable = 'pass';
    else if (++looks >= PATIENCE) results.usable = 'fail';
    else timer = setTimeout(() => void look(), LOOK_MS);
  }

  watch(seen.state, judge);
  onScopeDispose(() => clearTimeout(timer));
  return { results, begun, passed, begin };
}
