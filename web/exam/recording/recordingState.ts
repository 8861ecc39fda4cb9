import {
  computed,
  inject,
  ref,
  shallowRef,
  type InjectionKey,
  type Ref,
  type ShallowRef,
} from 'vue';
import type { Track } from '../../shared/api/types';
import type { ExamSession } from '../session/session';
import type { ScreenShare } from './screenShare';

/** What the page's screens know of its recording; whatever does the work is loaded when needed. */
export interface RecordingState {
  /** Tracks that are being recorded at this moment. */
  readonly active: ShallowRef<readonly Track[]>;
  /** Segments that are still to be uploaded. */
  readonly waiting: Ref<number>;
  /** The shared screen, once what shares it is loaded. */
  readonly screen: ShallowRef<ScreenShare | null>;
  /** Tell what is still here as lost, and delete it. */
  readonly abandon: ShallowRef<(() => Promise<void>) | null>;
  /** Something of this session is recorded, with the candidate's consent. */
  readonly isOn: Readonly<Ref<boolean>>;
  /** The screen is, too. */
  readonly needsScreen: Readonly<Ref<boolean>>;
}

export const RECORDING: InjectionKey<RecordingState> = Symbol('recording');

/** In a component: the page's recording. */
export function useRecording(): RecordingState {
  const recording = inject(RECORDING);
  if (!recording) throw new Error('no recording was provided');
  return recording;
}

export function createRecordingState({ session }: ExamSession): RecordingState {
  const own = computed(() => session.value?.recording);
  const isOn = computed(() => own.value?.consent === true && own.value.tracks.length > 0);
  const needsScreen = computed(
    () => isOn.value && !!own.value?.tracks.some(({ track }) => track === 'screen'),
  );
  return {
    active: shallowRef([]),
    waiting: ref(0),
    screen: shallowRef(null),
    abandon: shallowRef(null),
    isOn,
    needsScreen,
  };
}
