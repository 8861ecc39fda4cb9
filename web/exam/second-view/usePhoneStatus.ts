import { computed, watch } from 'vue';
import { useClock } from '../../shared/time';
import type { State } from '../../shared/api/types';
import { useExamSession } from '../session/session';

/** Stages at which a phone that joined is expected to stay. */
const EXPECTED_STATES: ReadonlySet<State> = new Set<State>([
  'identity_verified',
  'second_view_ready',
  'waiting',
  'answering',
  'paused',
]);
/** While the phone is lost, the server is asked this often whether it is back. */
const REFRESH_MS = 5_000;

/**
 * The phone's status as the server knows it. Silence causes no push: when a heartbeat
 * is overdue, the session is read again, and only the server's response counts.
 */
export function usePhoneStatus() {
  const { session, clock, refresh } = useExamSession();
  const now = useClock(clock);
  const phone = computed(() =>
    session.value && EXPECTED_STATES.has(session.value.state) ? session.value.second_view : null,
  );
  const lost = computed(
    () => !!phone.value && !!session.value && session.value.now >= phone.value.lost_at,
  );
  let lastRefresh = 0;
  watch(now, (moment) => {
    if (!phone.value || moment < phone.value.lost_at || moment - lastRefresh < REFRESH_MS) return;
    lastRefresh = moment;
    void refresh();
  });
  const problem = computed<'lost' | 'hidden' | 'low' | null>(() => {
    if (!phone.value) return null;
    if (lost.value) return 'lost';
    if (!phone.value.visible) return 'hidden';
    return phone.value.battery_low ? 'low' : null;
  });
  const percent = computed(() => Math.round((phone.value?.battery ?? 0) * 100));
  return { problem, percent, lost };
}
