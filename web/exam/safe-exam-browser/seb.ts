import { inject, onScopeDispose, ref, watch, type InjectionKey } from 'vue';
import type { ExamSession } from '../session/session';
import { FINAL_STATES } from '../../shared/finalStates';

/** Safe Exam Browser's JavaScript API. */
interface Security {
  configKey?: string;
  browserExamKey?: string;
  updateKeys?: (done: () => void) => void;
}

const NONCE = 'nonce';
const TIMEOUT_MS = 5_000;

const security = () =>
  (window as { SafeExamBrowser?: { security?: Security } }).SafeExamBrowser?.security;

/** Whether this page appears to run in Safe Exam Browser. Only the proof counts. */
export const inSafeExamBrowser = () =>
  security() !== undefined || /\bSEB\b|SafeExamBrowser/.test(navigator.userAgent);

/** Where a subject's file is, as the link that Safe Exam Browser opens: `sebs://…` or `seb://…`. */
export function sebLink(apiUrl: string, examId: string, subjectId: string): string {
  return sebFileUrl(apiUrl, examId, subjectId).replace(/^http/, 'seb');
}

/** The same file to be downloaded. */
export function sebFileUrl(apiUrl: string, examId: string, subjectId: string): string {
  return `${apiUrl}/exams/${examId}/subjects/${subjectId}/exam.seb`;
}

/** The address that closes Safe Exam Browser, as its file names it. */
export const quitUrl = () => `${location.origin}${location.pathname}?quit=1`;

const currentNonce = () => new URLSearchParams(location.search).get(NONCE);

/** Reload this page under a URL with the nonce: the browser's digest covers the URL. */
function reloadWithNonce(nonce: string): void {
  location.replace(`${location.origin}${location.pathname}?${NONCE}=${nonce}`);
}

/** Read the browser's digests for the address that this page was opened with. */
async function readSebKeys(): Promise<{ config_key: string | null; exam_key: string | null }> {
  const sebApi = security();
  if (!sebApi) return { config_key: null, exam_key: null };
  if (sebApi.updateKeys) {
    await Promise.race([
      new Promise<void>((done) => sebApi.updateKeys?.(done)),
      new Promise<void>((done) => setTimeout(done, TIMEOUT_MS)),
    ]);
  }
  return {
    config_key: sebApi.configKey ?? null,
    exam_key: sebApi.browserExamKey ?? null,
  };
}

export const SEB_PROOF: InjectionKey<SebProof> = Symbol('SEB proof');

/** In a component: the state of this device's proof. */
export function useSebProof(): SebProof {
  const proof = inject(SEB_PROOF);
  if (!proof) throw new Error('no SEB proof was provided');
  return proof;
}

export type SebProofState = 'idle' | 'proving' | 'refused';

/** Prove to the server that this is Safe Exam Browser, where the subject offers it. */
export function createSebProof(exam: ExamSession) {
  const state = ref<SebProofState>('idle');
  let disposed = false;

  async function prove(): Promise<void> {
    if (state.value === 'proving') return;
    state.value = 'proving';
    try {
      const nonce = currentNonce();
      if (!nonce) {
        const challenge = await exam.api.request((client) =>
          client.POST('/candidate/safe-browser'),
        );
        if (!disposed) reloadWithNonce(challenge.nonce);
        return;
      }
      const keys = await readSebKeys();
      history.replaceState(history.state, '', location.pathname);
      const proof = await exam.api.request((client) =>
        client.POST('/candidate/safe-browser/{nonce}', {
          params: { path: { nonce } },
          body: keys,
        }),
      );
      exam.applySebProof(proof);
      state.value = 'idle';
    } catch {
      state.value = 'refused';
    }
  }

  watch(
    () => {
      const now = exam.session.value;
      const offered = now && now.subject.safe_browser !== 'off' && !FINAL_STATES.has(now.state);
      return offered && !exam.sebVerified.value ? now.session_id : undefined;
    },
    (sessionId) => {
      if (sessionId && inSafeExamBrowser()) void prove();
    },
    { immediate: true },
  );
  onScopeDispose(() => (disposed = true));
  return { state, prove };
}

export type SebProof = ReturnType<typeof createSebProof>;
