import { inject, ref, watch, type InjectionKey, type Ref } from 'vue';
import { CAMERA } from '../../shared/media/device';
import { createFrameGrabber, type FrameGrabber } from '../../shared/media/frameGrabber';
import { createMediaDeviceRef, type MediaDeviceRef } from '../../shared/media/mediaDeviceRef';

export type Facing = 'user' | 'environment';

/** The phone's camera, which may face either way. */
export interface PhoneCamera {
  readonly media: MediaDeviceRef;
  readonly frameGrabber: FrameGrabber;
  readonly facing: Ref<Facing>;
  turn: () => void;
}

export const PHONE_CAMERA: InjectionKey<PhoneCamera> = Symbol('phone camera');

/** In a component: the phone's camera. */
export function usePhoneCamera(): PhoneCamera {
  const camera = inject(PHONE_CAMERA);
  if (!camera) throw new Error('no camera was provided');
  return camera;
}

/** Create the camera, facing the user first, so that they see how they are framed. */
export function createPhoneCamera(): PhoneCamera {
  const facing = ref<Facing>('user');
  const constraints = () => ({ ...CAMERA, facingMode: { ideal: facing.value } });
  const media = createMediaDeviceRef('camera', constraints());
  const frameGrabber = createFrameGrabber();
  watch(media.stream, (stream) => frameGrabber.setStream(stream));
  // Phones take the camera from a background page, some without an event: in the foreground again,
  // a stopped camera is restarted.
  document.addEventListener('visibilitychange', () => {
    const [track] = media.device.stream?.getVideoTracks() ?? [];
    const stopped = media.state.value === 'lost' || track?.readyState === 'ended' || track?.muted;
    if (document.visibilityState === 'visible' && stopped) media.device.restart(constraints());
  });
  function turn(): void {
    facing.value = facing.value === 'user' ? 'environment' : 'user';
    media.device.restart(constraints());
  }
  return { media, frameGrabber, facing, turn };
}
