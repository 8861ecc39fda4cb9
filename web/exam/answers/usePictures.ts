import { onScopeDispose, reactive } from 'vue';
import type { Paper } from '../../shared/api/types';
import { backoff, sleep } from '../../shared/backoff';
import type { AnswerStore } from './store';

/** The paper's pictures, fetched once and kept on the device: they show without a network, too. */
export function usePictures(sessionId: string, readPaper: () => Promise<Paper>) {
  const shown = reactive(new Map<string, string>());
  const over = new AbortController();
  onScopeDispose(() => {
    over.abort();
    shown.forEach((address) => URL.revokeObjectURL(address));
  });

  /** Show what the device has, and fetch what it has not, however long that takes. */
  async function collect(paper: Paper, store: AnswerStore): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      const missing = await lacking(paper, store);
      if (missing === 0 || over.signal.aborted) return;
      await sleep(backoff(failures, Math.random, 1_000), over.signal).catch(() => undefined);
      // Addresses are good for minutes only: ask for new ones.
      paper = await readPaper().catch(() => paper);
    }
  }

  async function lacking(paper: Paper, store: AnswerStore): Promise<number> {
    const pictures = paper.questions.flatMap((question) => question.pictures);
    let missing = 0;
    for (const { picture_id: id, url } of pictures) {
      if (shown.has(id)) continue;
      const picture =
        (await store.picture(sessionId, id).catch(() => undefined)) ?? (await fetched(url));
      if (over.signal.aborted) return 0;
      if (!picture) missing += 1;
      else {
        shown.set(id, URL.createObjectURL(picture));
        await store.keepPicture(sessionId, id, picture).catch(() => undefined);
      }
    }
    return missing;
  }

  async function fetched(url: string): Promise<Blob | null> {
    try {
      const answer = await fetch(url, { signal: over.signal });
      return answer.ok ? await answer.blob() : null;
    } catch {
      return null;
    }
  }

  /** Put what is shown on the device once more. */
  async function keepAgain(store: AnswerStore): Promise<void> {
    for (const [id, address] of shown) {
      const picture = await fetched(address);
      if (picture) await store.keepPicture(sessionId, id, picture);
    }
  }

  return { shown, collect, keepAgain };
}
