/** Which recording is listened to: the computer's or the phone's, where it has sound. */
import { computed, ref, type Ref } from 'vue';
import type { Track, View } from '../../shared/api/types';
import { MAX_SOUND_SPEED } from './usePlayback';
import type { TrackRecording } from './useRecordings';

interface Options {
  readonly recordings: Readonly<Ref<Readonly<Record<Track, TrackRecording | null>>>>;
  readonly speed: Readonly<Ref<number>>;
  readonly muted: Readonly<Ref<boolean>>;
}

const VIEWS: readonly View[] = ['first', 'second'];

export function useRecordedSound({ recordings, speed, muted }: Options) {
  const source = ref<View>('first');
  /** Whether the browser waits for a click before it lets sound out. */
  const blocked = ref(false);
  /** The views whose segments of the moment have a sound track. */
  const recorded = computed(() =>
    VIEWS.filter((view) => {
      const played = recordings.value[view]?.played;
      return played?.segment && !played.broken && played.segment.silent !== null;
    }),
  );
  const heard = computed(() =>
    recorded.value.includes(source.value) ? source.value : recorded.value[0],
  );
  const isAudible = (track: Track) =>
    !muted.value && !blocked.value && speed.value <= MAX_SOUND_SPEED && track === heard.value;
  return { source, blocked, recorded, heard, isAudible };
}
