import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { createDevice, type Device, type DeviceState } from './device';

/** A device as screens see it. */
export interface Seen {
  readonly device: Device;
  readonly state: Ref<DeviceState>;
  /** Null unless the device is live. */
  readonly stream: ShallowRef<MediaStream | null>;
}

export function createSeen(
  kind: 'camera' | 'microphone',
  constraints: MediaTrackConstraints,
): Seen {
  const state = ref<DeviceState>('off');
  const stream = shallowRef<MediaStream | null>(null);
  const device = createDevice({
    kind,
    constraints,
    onChange: () => {
      state.value = device.state;
      stream.value = device.stream;
    },
  });
  return { device, state, stream };
}
