import { computed, onScopeDispose, reactive, watch } from 'vue';
import type { DeviceState } from '../../shared/media/device';
import { SNAPSHOT } from '../../shared/media/frameGrabber';
import { missingFeatures } from '../../shared/requirements';
import type { PhoneCamera } from '../capture/camera';

/** What the second view's code needs, no more and no less. */
const REQUIRED = ['https', 'camera', 'requests', 'pictures', 'dialogs', 'sockets'] as const;

export type CheckStatus = 'wait' | 'run' | 'pass' | 'fail';
export const CHECK_NAMES = ['compatible', 'permitted', 'found', 'usable'] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

const INTERVAL_MS = 500;
/** A camera may take this long to show its first picture. */
const MAX_ATTEMPTS = 12;
/** An even black picture makes a smaller file than this: the lens is covered. */
const MIN_PICTURE_BYTES = 1_500;

const DENIED_STATES: DeviceState[] = ['denied'];
const ABSENT_STATES: DeviceState[] = ['missing', 'busy', 'lost'];

/** The four checks of a camera (兼容性、权限、设备检测、设备可用性), each after the one before. */
export function useCameraCheck({ media, frameGrabber }: PhoneCamera) {
  const results = reactive<Record<CheckName, CheckStatus>>({
    compatible: 'wait',
    permitted: 'wait',
    found: 'wait',
    usable: 'wait',
  });
  const started = computed(() => results.compatible !== 'wait');
  const passed = computed(() => CHECK_NAMES.every((check) => results[check] === 'pass'));
  const missing = missingFeatures(REQUIRED);
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function start(): void {
    if (missing.length > 0) {
      setResults('fail');
      return;
    }
    if (media.state.value === 'off') media.device.start();
    else media.device.restart();
    onCameraState(media.state.value);
  }

  function setResults(...states: CheckStatus[]): void {
    CHECK_NAMES.forEach((check, index) => (results[check] = states[index] ?? 'wait'));
  }

  function onCameraState(state: DeviceState): void {
    clearTimeout(timer);
    if (state === 'off') setResults();
    else if (state === 'unsupported') setResults('fail');
    else if (state === 'asking') setResults('pass', 'run');
    else if (DENIED_STATES.includes(state)) setResults('pass', 'fail');
    else if (ABSENT_STATES.includes(state)) setResults('pass', 'pass', 'fail');
    else {
      setResults('pass', 'pass', 'pass', 'run');
      attempts = 0;
      void checkPicture();
    }
  }

  /** Usable is what makes a picture that shows something. */
  async function checkPicture(): Promise<void> {
    const picture = await frameGrabber.grab(SNAPSHOT);
    if (media.state.value !== 'live') return;
    if (picture && picture.size >= MIN_PICTURE_BYTES) results.usable = 'pass';
    else if (++attempts >= MAX_ATTEMPTS) results.usable = 'fail';
    else timer = setTimeout(() => void checkPicture(), INTERVAL_MS);
  }

  watch(media.state, onCameraState);
  onScopeDispose(() => clearTimeout(timer));
  return { results, started, passed, missing, start };
}
