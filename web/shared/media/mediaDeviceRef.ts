import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { createMediaDevice, type MediaDevice, type DeviceState } from './device';

/** A device as screens see it. */
export interface MediaDeviceRef {
  readonly device: MediaDevice;
  readonly state: Ref<DeviceState>;
  /** Null unless the device is live. */
  readonly stream: ShallowRef<MediaStream | null>;
}

export function createMediaDeviceRef(
  kind: 'camera' | 'microphone',
  constraints: MediaTrackConstraints,
): MediaDeviceRef {
  const state = ref<DeviceState>('off');
  const stream = shallowRef<MediaStream | null>(null);
  const device = createMediaDevice({
    kind,
    constraints,
    onChange: () => {
      state.value = device.state;
      stream.value = device.stream;
    },
  });
  return { device, state, stream };
}
