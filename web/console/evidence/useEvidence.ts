/** What is kept of a session: read, added to, and completed by what came after the moment. */
import { onScopeDispose, shallowRef } from 'vue';
import { postForm } from '../../shared/media/upload';
import { useConsole } from '../consoleContext';
import type { Evidence } from '../../shared/api/types';
import type { KeepLive } from '../model/screenshot';

/** So long after the moment the pictures after it are there: two planned ones and their way. */
const AFTER_MS = 26_000;

export function useEvidence(sessionId: string) {
  const { api } = useConsole();
  const evidence = shallowRef<Evidence[]>([]);
  const problem = shallowRef<unknown>(null);
  const timers = new Set<ReturnType<typeof setTimeout>>();

  async function read(): Promise<void> {
    try {
      const path = { session_id: sessionId };
      const response = await api.request((client) =>
        client.GET('/proctor/sessions/{session_id}/evidence', { params: { path } }),
      );
      evidence.value = response.evidence;
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  }

  async function keepCapture(capture_id: string, note: string): Promise<void> {
    const piece = await api.request((client) =>
      client.POST('/proctor/sessions/{session_id}/evidence', {
        params: { path: { session_id: sessionId } },
        body: { capture_id, note },
      }),
    );
    completeLater(piece.evidence_id);
    await read();
  }

  const keepLive: KeepLive = async ({ png, sha256 }, details) => {
    const params = { path: { session_id: sessionId } };
    const form = await api.request((client) =>
      client.POST('/proctor/sessions/{session_id}/evidence/live-form', {
        params,
        body: { sha256 },
      }),
    );
    if (!(await postForm(form, png))) return false;
    const piece = await api.request((client) =>
      client.POST('/proctor/sessions/{session_id}/evidence/live', {
        params,
        body: { sha256, ...details },
      }),
    );
    completeLater(piece.evidence_id);
    await read();
    return true;
  };

  function completeLater(evidence_id: string): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const path = { session_id: sessionId, evidence_id };
      const completion = api.request((client) =>
        client.POST('/proctor/sessions/{session_id}/evidence/{evidence_id}/after', {
          params: { path },
        }),
      );
      // What could not be added now is added when the record is looked at again.
      void completion.then(read, () => undefined);
    }, AFTER_MS);
    timers.add(timer);
  }

  onScopeDispose(() => timers.forEach(clearTimeout));
  void read();
  return { evidence, problem, read, keepCapture, keepLive };
}
