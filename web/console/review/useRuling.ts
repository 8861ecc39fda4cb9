/** A person's ruling on an entry, from the first key to the answer. */
import { computed, ref } from 'vue';
import { newId } from '../../shared/ids';
import { useTask } from '../../shared/task';
import { useConsole } from '../consoleContext';
import type { ReasonCode, Verdict } from '../../shared/api/types';
import type { Entry } from './queue';

const CONFIRM_REASONS: readonly ReasonCode[] = [
  'device',
  'materials',
  'left_seat',
  'other_person',
  'impersonation',
  'talking',
  'hiding',
  'left_page',
  'misconduct',
];
const DISMISS_REASONS: readonly ReasonCode[] = ['mistaken', 'allowed', 'technical', 'trifle'];

/** The reasons that a verdict may have, in the order of their digits. */
export function reasonsFor(verdict: Verdict): readonly ReasonCode[] {
  return verdict === 'dismiss' ? DISMISS_REASONS : CONFIRM_REASONS;
}

export function useRuling(done: (entry: Entry, verdict: Verdict) => void) {
  const { api } = useConsole();
  const verdict = ref<Verdict | null>(null);
  const reason = ref<ReasonCode | null>(null);
  const remark = ref('');
  /** One id for one ruling: what is sent again after a failure is the same act. */
  let actId = newId();
  const { busy, error: problem, run } = useTask();

  function choose(next: Verdict): void {
    verdict.value = next;
    reason.value = null;
    problem.value = null;
  }

  function reset(): void {
    actId = newId();
    verdict.value = null;
    reason.value = null;
    remark.value = '';
    problem.value = null;
  }

  /** Send the ruling; the picture that is shown is kept as evidence first, if it is wanted. */
  async function send(entry: Entry, captureId: string | null): Promise<void> {
    const [decision, reasonCode] = [verdict.value, reason.value];
    if (!decision || !reasonCode) return;
    await run(async () => {
      const evidenceIds = captureId ? [await keepEvidence(entry.sessionId, captureId)] : [];
      await postDecision(entry, {
        act_id: actId,
        verdict: decision,
        reason: reasonCode,
        remark: remark.value.trim(),
        evidence_ids: evidenceIds,
      });
      reset();
      done(entry, decision);
    });
  }

  async function keepEvidence(session_id: string, capture_id: string): Promise<string> {
    const evidence = await api.request((client) =>
      client.POST('/proctor/sessions/{session_id}/evidence', {
        params: { path: { session_id } },
        body: { capture_id, note: remark.value.trim() },
      }),
    );
    return evidence.evidence_id;
  }

  interface Body {
    act_id: string;
    verdict: Verdict;
    reason: ReasonCode;
    remark: string;
    evidence_ids: string[];
  }

  function postDecision(entry: Entry, body: Body): Promise<unknown> {
    const session_id = entry.sessionId;
    if (entry.review) {
      const path = { session_id, review_id: entry.review.review_id };
      return api.request((client) =>
        client.POST('/proctor/sessions/{session_id}/reviews/{review_id}', {
          params: { path },
          body,
        }),
      );
    }
    return api.request((client) =>
      client.POST('/proctor/sessions/{session_id}/reviews', {
        params: { path: { session_id } },
        body: { ...body, flag_ids: [...entry.flagIds] },
      }),
    );
  }

  const ready = computed(() => verdict.value !== null && reason.value !== null);
  return { verdict, reason, remark, busy, problem, ready, choose, reset, send };
}
