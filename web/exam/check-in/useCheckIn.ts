import { inject, ref, shallowRef, watch, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import type { CheckName, CheckResult, Checks, Measure } from '../../shared/api/types';
import type { ExamSession } from '../session/session';

/** Check-in between signing in and the exam: the device checks, and whether it was completed. */
export interface CheckIn {
  /** The person pressed «enter» on this page; the server looks again when the details are confirmed. */
  readonly entered: Ref<boolean>;
  /** What the server knows of the checks; null until it was read. */
  readonly checks: ShallowRef<Checks | null>;
  load: () => Promise<void>;
  /** Send a measurement; those reported while a request is running are sent together. */
  report: (measure: Measure) => Promise<void>;
  result: (check: CheckName) => CheckResult | undefined;
}

export const CHECK_IN: InjectionKey<CheckIn> = Symbol('check-in');

/** In a component: the page's check-in. */
export function useCheckIn(): CheckIn {
  const checkIn = inject(CHECK_IN);
  if (!checkIn) throw new Error('no check-in was provided');
  return checkIn;
}

/** Create the check-in; it restarts with each session. */
export function createCheckIn({ api, session }: ExamSession): CheckIn {
  const entered = ref(false);
  const checks = shallowRef<Checks | null>(null);
  let queue: Measure[] = [];
  let sending: Promise<void> | null = null;

  watch(
    () => session.value?.session_id,
    () => {
      entered.value = false;
      checks.value = null;
      queue = [];
    },
  );

  async function load(): Promise<void> {
    checks.value = await api.request((client) => client.GET('/candidate/checks'));
  }

  async function send(): Promise<void> {
    // Measures that come at the same moment go together.
    await Promise.resolve();
    while (queue.length > 0) {
      const measures = latestByCheck(queue);
      queue = [];
      checks.value = await api.request((client) =>
        client.PUT('/candidate/checks', { body: { measures } }),
      );
    }
  }

  function report(measure: Measure): Promise<void> {
    queue.push(measure);
    sending ??= send().finally(() => (sending = null));
    return sending;
  }

  const result = (check: CheckName) => checks.value?.results.find((item) => item.check === check);
  return { entered, checks, load, report, result };
}

/** Of several measures of one check, the last. */
function latestByCheck(measures: Measure[]): Measure[] {
  return [...new Map(measures.map((measure) => [measure.check, measure])).values()];
}
