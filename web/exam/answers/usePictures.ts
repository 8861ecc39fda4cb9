import { onScopeDispose, reactive } from 'vue';
import type { Paper } from '../../shared/api/types';
import { backoff, sleep } from '../../shared/backoff';
import { download as downloadFile } from '../../shared/media/upload';
import type { AnswerStore } from './store';

/** The paper's pictures, fetched once and kept on the device: they show without a network, too. */
export function usePictures(sessionId: string, readPaper: () => Promise<Paper>) {
  const urls = reactive(new Map<string, string>());
  const abort = new AbortController();
  onScopeDispose(() => {
    abort.abort();
    urls.forEach((address) => URL.revokeObjectURL(address));
  });

  /** Show what the device has, and fetch what it has not, however long that takes. */
  async function download(paper: Paper, store: AnswerStore): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      const missing = await loadMissing(paper, store);
      if (missing === 0 || abort.signal.aborted) return;
      await sleep(backoff(failures, Math.random, 1_000), abort.signal).catch(() => undefined);
      // Addresses are good for minutes only: ask for new ones.
      paper = await readPaper().catch(() => paper);
    }
  }

  async function loadMissing(paper: Paper, store: AnswerStore): Promise<number> {
    const pictures = paper.questions.flatMap((question) => question.pictures);
    let missing = 0;
    for (const { picture_id: id, url } of pictures) {
      if (urls.has(id)) continue;
      const picture =
        (await store.picture(sessionId, id).catch(() => undefined)) ?? (await fetchPicture(url));
      if (abort.signal.aborted) return 0;
      if (!picture) missing += 1;
      else {
        urls.set(id, URL.createObjectURL(picture));
        await store.savePicture(sessionId, id, picture).catch(() => undefined);
      }
    }
    return missing;
  }

  async function fetchPicture(url: string): Promise<Blob | null> {
    try {
      return await (await downloadFile(url, { signal: abort.signal })).blob();
    } catch {
      return null;
    }
  }

  /** Put what is shown on the device once more. */
  async function saveAgain(store: AnswerStore): Promise<void> {
    for (const [id, address] of urls) {
      await store.savePicture(sessionId, id, await (await fetch(address)).blob());
    }
  }

  return { urls, download, saveAgain };
}
