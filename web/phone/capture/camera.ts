import { inject, ref, watch, type InjectionKey, type Ref } from 'vue';
import { CAMERA } from '../../shared/media/device';
import { createEye, type Eye } from '../../shared/media/frameGrabber';
import { createSeen, type Seen } from '../../shared/media/mediaDeviceRef';

export type Facing = 'user' | 'environment';

/** The phone's camera, which may face either way. */
export interface PhoneCamera {
  readonly seen: Seen;
  readonly eye: Eye;
  readonly facing: Ref<Facing>;
  turn: () => void;
}

export const PHONE_CAMERA: InjectionKey<PhoneCamera> = Symbol('phone camera');

/** In a component: the phone's camera. */
export function usePhoneCamera(): PhoneCamera {
  const found = inject(PHONE_CAMERA);
  if (!found) throw new Error('no camera was provided');
  return found;
}

/** Make the camera, facing the person first: so they see how they are framed. */
export function createPhoneCamera(): PhoneCamera {
  const facing = ref<Facing>('user');
  const wanted = () => ({ ...CAMERA, facingMode: { ideal: facing.value } });
  const seen = createSeen('camera', wanted());
  const eye = createEye();
  watch(seen.stream, (stream) => eye.look(stream));
  // Phones take the camera from a page behind another, and some do not say so: in front again,
  // a stopped picture is asked for anew.
  document.addEventListener('visibilitychange', () => {
    const [track] = seen.device.stream?.getVideoTracks() ?? [];
    const stopped = seen.state.value === 'lost' || track?.readyState === 'ended' || track?.muted;
    if (document.visibilityState === 'visible' && stopped) seen.device.again(wanted());
  });
  function turn(): void {
    facing.value = facing.value === 'user' ? 'environment' : 'user';
    seen.device.again(wanted());
  }
  return { seen, eye, facing, turn };
}
