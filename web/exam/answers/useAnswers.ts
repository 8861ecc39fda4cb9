import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue';
import type { Paper, Question } from '../../shared/api/types';
import { backoff, sleep } from '../../shared/backoff';
import { openTabChannel } from '../../shared/tabChannel';
import type { ExamSession } from '../session/session';
import { Outbox, type AnswerApi, type SaveState } from './outbox';
import { openAnswerStore, type AnswerStore } from './store';
import { usePictures } from './usePictures';
import { FINAL_STATES } from '../../shared/finalStates';

/** Typing is sent once it pauses; a choice at once. */
const DEBOUNCE_MS = 600;
const SUBMIT_TIMEOUT_MS = 10_000;
/** Where the session is open but answers are rejected, retry after a delay. */
const RESUME_MS = 1_500;

/** Everything the paper's screen needs: questions, answers and whether they are safe. */
export function useAnswers(exam: ExamSession, sessionId: string) {
  const paper = shallowRef<Paper | null>(null);
  const failure = shallowRef<unknown>(null);
  const values = reactive(new Map<string, string[]>());
  const states = reactive(new Map<string, SaveState>());
  const adopted = ref(0);
  const abort = new AbortController();
  /** Changes of the person that are still on their way to this device's store. */
  const pendingWrites = new Map<string, number>();
  const channel = openTabChannel(`invigil.answers.${sessionId}`);
  const pictures = usePictures(sessionId, () => readPaper());
  let store: AnswerStore | null = null;
  let outbox: Outbox | null = null;

  function updateQuestion(questionId: string): void {
    if (!outbox) return;
    states.set(questionId, outbox.state(questionId));
    if (!pendingWrites.get(questionId)) values.set(questionId, outbox.value(questionId));
  }

  const answerApi: AnswerApi = {
    save: (questionId, sequence, value) =>
      exam.api.request((client) =>
        client.PUT('/candidate/answers/{question_id}', {
          params: { path: { question_id: questionId } },
          body: { sequence, value },
        }),
      ),
    read: async () => (await readPaper()).answers,
  };

  const readPaper = () => exam.api.request((client) => client.GET('/candidate/paper'));

  async function open(): Promise<void> {
    store = await openAnswerStore(() => void restore().catch(() => undefined));
    outbox = new Outbox({
      sessionId,
      store,
      api: answerApi,
      onChange: updateQuestion,
      onBlocked: () => void resumeIfOpen(),
      onAdopted: () => (adopted.value += 1),
    });
    const savedPaper = await store.paper(sessionId).catch(() => undefined);
    if (savedPaper) showPaper(savedPaper);
    await outbox.open();
    const read = await readPaperUntilAvailable();
    await store.savePaper(sessionId, read).catch(() => undefined);
    showPaper(read);
    await outbox.mergeServer(read.answers);
  }

  /** The device's store was wiped under the page: all of it goes there again. */
  async function restore(): Promise<void> {
    if (!store || !paper.value || abort.signal.aborted) return;
    await store.savePaper(sessionId, paper.value);
    await outbox?.restore();
    await pictures.saveAgain(store);
  }

  function showPaper(next: Paper): void {
    paper.value = next;
    if (store) void pictures.download(next, store);
  }

  /** Read the paper, however long it takes. */
  async function readPaperUntilAvailable(): Promise<Paper> {
    for (let failures = 0; ; failures += 1) {
      try {
        const read = await readPaper();
        failure.value = null;
        return read;
      } catch (error) {
        if (abort.signal.aborted) throw error;
        failure.value = error;
        await sleep(backoff(failures, Math.random, 1_000, 10_000), abort.signal);
      }
    }
  }

  /** The server takes no answers: learn where the session stands, and go on if it is open. */
  async function resumeIfOpen(): Promise<void> {
    await exam.refresh();
    await sleep(RESUME_MS, abort.signal).catch(() => undefined);
    if (exam.session.value?.state === 'answering' && !exam.expired.value) outbox?.resume();
  }

  async function answer(question: Question, value: string[]): Promise<void> {
    const id = question.question_id;
    values.set(id, value);
    states.set(id, 'saving');
    pendingWrites.set(id, (pendingWrites.get(id) ?? 0) + 1);
    await outbox?.set(id, value, question.longest > 0 ? DEBOUNCE_MS : 0);
    pendingWrites.set(id, (pendingWrites.get(id) ?? 1) - 1);
    updateQuestion(id);
    if (!abort.signal.aborted) channel?.postMessage(id);
  }

  if (channel) channel.onmessage = (event: MessageEvent<string>) => void outbox?.reload(event.data);
  const sendNow = () => outbox?.sendNow();
  window.addEventListener('online', sendNow);
  const stopWatching = watch(
    [() => exam.session.value?.state, exam.expired],
    ([state, expired]) => {
      if (state === 'answering' && !expired) outbox?.resume();
      if (state && FINAL_STATES.has(state)) outbox?.stop();
    },
  );

  function close(): void {
    abort.abort();
    stopWatching();
    outbox?.stop();
    channel?.close();
    window.removeEventListener('online', sendNow);
  }
  onScopeDispose(close);
  open().catch(() => undefined); // only closing ends it

  const answered = computed(
    () =>
      paper.value?.questions.filter((question) => values.get(question.question_id)?.length) ?? [],
  );
  const unsaved = computed(() => [...states].filter(([, state]) => state !== 'saved').length);
  const saveState = computed<SaveState>(() => worst([...states.values()]));
  return {
    paper,
    /** Why the paper is not there yet; it is being tried again. */
    failure,
    values,
    states,
    /** Why the server refused a question's answer. */
    refusal: (questionId: string) => outbox?.refusal(questionId) ?? '',
    /** Where each picture of the paper can be shown from; kept on the device. */
    pictures: pictures.urls,
    answered,
    unsaved,
    saveState,
    /** Grows when another device's answers took the place of this one's. */
    adopted,
    answer,
    sendNow,
    /** Bring everything to the server; returns the questions that are still not there. */
    flush: () => outbox?.flush(SUBMIT_TIMEOUT_MS) ?? Promise.resolve([]),
    /** Remove the answers from this device. */
    deleteAnswers: () => store?.deleteSession(sessionId) ?? Promise.resolve(),
  };
}

export type Answers = ReturnType<typeof useAnswers>;

function worst(states: SaveState[]): SaveState {
  const order: SaveState[] = ['refused', 'offline', 'saving'];
  return order.find((state) => states.includes(state)) ?? 'saved';
}
