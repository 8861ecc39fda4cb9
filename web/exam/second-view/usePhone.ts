import { computed, watch } from 'vue';
import { useNow } from '../../shared/time';
import type { State } from '../../shared/api/types';
import { useExamSession } from '../session/session';

/** Stages at which a phone that joined is expected to stay. */
const WANTED: ReadonlySet<State> = new Set<State>([
  'identity_verified',
  'second_view_ready',
  'waiting',
  'answering',
  'paused',
]);
/** While the phone is lost, the server is asked this often whether it is back. */
const AGAIN_MS = 5_000;

/**
 * How the phone is, as the server hears of it. Silence brings no message: when the phone should
 * have been heard of, the session is read again, and only what the server then says counts.
 */
export function usePhone() {
  const { session, clock, refresh } = useExamSession();
  const now = useNow(clock);
  const phone = computed(() =>
    session.value && WANTED.has(session.value.state) ? session.value.second_view : null,
  );
  const lost = computed(
    () => !!phone.value && !!session.value && session.value.now >= phone.value.lost_at,
  );
  let asked = 0;
  watch(now, (moment) => {
    if (!phone.value || moment < phone.value.lost_at || moment - asked < AGAIN_MS) return;
    asked = moment;
    void refresh();
  });
  const trouble = computed<'lost' | 'hidden' | 'low' | null>(() => {
    if (!phone.value) return null;
    if (lost.value) return 'lost';
    if (!phone.value.visible) return 'hidden';
    return phone.value.battery_low ? 'low' : null;
  });
  const percent = computed(() => Math.round((phone.value?.battery ?? 0) * 100));
  return { trouble, percent, lost };
}
