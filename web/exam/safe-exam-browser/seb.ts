import { inject, onScopeDispose, ref, watch, type InjectionKey } from 'vue';
import { FINAL, type ExamSession } from '../session/session';

/** What Safe Exam Browser tells a page of itself. */
interface Security {
  configKey?: string;
  browserExamKey?: string;
  updateKeys?: (done: () => void) => void;
}

const NONCE = 'nonce';
const LONGEST_WAIT_MS = 5_000;

const security = () =>
  (window as { SafeExamBrowser?: { security?: Security } }).SafeExamBrowser?.security;

/** Whether this page is in Safe Exam Browser, or says so. What counts is the proof. */
export const inSafeBrowser = () =>
  security() !== undefined || /\bSEB\b|SafeExamBrowser/.test(navigator.userAgent);

/** Where a subject's file is, as the link that Safe Exam Browser opens: `sebs://…` or `seb://…`. */
export function safeBrowserLink(apiUrl: string, examId: string, subjectId: string): string {
  return safeBrowserFile(apiUrl, examId, subjectId).replace(/^http/, 'seb');
}

/** The same file to be downloaded. */
export function safeBrowserFile(apiUrl: string, examId: string, subjectId: string): string {
  return `${apiUrl}/exams/${examId}/subjects/${subjectId}/exam.seb`;
}

/** The address that closes Safe Exam Browser, as its file names it. */
export const quitAddress = () => `${location.origin}${location.pathname}?quit=1`;

const nonceHere = () => new URLSearchParams(location.search).get(NONCE);

/** Open this page anew under an address with the nonce: the browser's digest is over that. */
function reopenWith(nonce: string): void {
  location.replace(`${location.origin}${location.pathname}?${NONCE}=${nonce}`);
}

/** Read the browser's digests for the address that this page was opened with. */
async function readKeys(): Promise<{ config_key: string | null; exam_key: string | null }> {
  const known = security();
  if (!known) return { config_key: null, exam_key: null };
  if (known.updateKeys) {
    await Promise.race([
      new Promise<void>((done) => known.updateKeys?.(done)),
      new Promise<void>((done) => setTimeout(done, LONGEST_WAIT_MS)),
    ]);
  }
  return {
    config_key: known.configKey ?? null,
    exam_key: known.browserExamKey ?? null,
  };
}

const KEY: InjectionKey<Seal> = Symbol('seal');
export { KEY as SEAL };

/** In a component: how this device's proof goes. */
export function useSeal(): Seal {
  const found = inject(KEY);
  if (!found) throw new Error('no seal was provided');
  return found;
}

export type SealState = 'idle' | 'proving' | 'refused';

/** Prove to the server that this is Safe Exam Browser, where the subject offers it. */
export function createSeal(exam: ExamSession) {
  const state = ref<SealState>('idle');
  let gone = false;

  async function prove(): Promise<void> {
    if (state.value === 'proving') return;
    state.value = 'proving';
    try {
      const nonce = nonceHere();
      if (!nonce) {
        const begun = await exam.api.ask((client) => client.POST('/candidate/safe-browser'));
        if (!gone) reopenWith(begun.nonce);
        return;
      }
      const keys = await readKeys();
      history.replaceState(null, '', location.pathname);
      const proven = await exam.api.ask((client) =>
        client.POST('/candidate/safe-browser/{nonce}', {
          params: { path: { nonce } },
          body: keys,
        }),
      );
      exam.seal(proven);
      state.value = 'idle';
    } catch {
      state.value = 'refused';
    }
  }

  watch(
    () => {
      const now = exam.session.value;
      const offered = now && now.subject.safe_browser !== 'off' && !FINAL.has(now.state);
      return offered && !exam.sealed.value ? now.session_id : undefined;
    },
    (wanted) => {
      if (wanted && inSafeBrowser()) void prove();
    },
    { immediate: true },
  );
  onScopeDispose(() => (gone = true));
  return { state, prove };
}

export type Seal = ReturnType<typeof createSeal>;
