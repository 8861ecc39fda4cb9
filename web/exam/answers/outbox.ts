import { ApiError } from '../../shared/api/errors';
import { backoff } from '../../shared/backoff';
import { isPending, isSameValue, mergeAnswer, nextAnswer, renumberAnswer } from './model';
import type { LocalAnswer, ServerAnswer } from './model';
import type { AnswerStore } from './store';

/** The API's routes for answers. */
export interface AnswerApi {
  /** Answers with what is saved: the value in its normal form. */
  save(questionId: string, sequence: number, value: string[]): Promise<ServerAnswer>;
  read(): Promise<ServerAnswer[]>;
}

export type SaveState = 'saved' | 'saving' | 'offline' | 'refused';

export interface OutboxOptions {
  sessionId: string;
  store: AnswerStore;
  api: AnswerApi;
  /** An answer or its save state changed. */
  onChange: (questionId: string) => void;
  /** The server no longer takes answers, or does not know us: the session must be read again. */
  onBlocked: (error: ApiError) => void;
  /** Newer answers from another tab or device took the place of these. */
  onAdopted?: (questionIds: string[]) => void;
  random?: () => number;
}

/** How many answers are on their way at once. */
const MAX_CONCURRENT = 3;
const MAX_BACKOFF_MS = 15_000;
/** Not signed in, not allowed, not at this stage: it is not about the answer. */
const BLOCKING_STATUSES = new Set([401, 403, 409]);

/** One question's sending. */
interface SendState {
  busy: boolean;
  failures: number;
  /** Why the server took no such answer, in the person's language; null where it did not refuse. */
  refusal: string | null;
  /** Runs until the next try, or until typing has settled. */
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Carries answers from this device to the server.
 *
 * Every change is written to the device first. Each question has at most one request on its way,
 * and what follows it is the newest change, not every one in between. Failures that may pass are
 * tried again, each later than the one before; nothing is dropped until the server has it.
 */
export class Outbox {
  private readonly answers = new Map<string, LocalAnswer>();
  private readonly sendStates = new Map<string, SendState>();
  /** Questions whose newest answer the server does not have, oldest first. */
  private readonly pending = new Set<string>();
  private readonly waiters = new Set<() => void>();
  private busy = 0;
  private blocked = false;
  private stopped = false;

  constructor(private readonly options: OutboxOptions) {}

  /** Load what this device has, bring it together with the server's, and send what is missing. */
  async open(server: readonly ServerAnswer[] = []): Promise<void> {
    const { sessionId, store } = this.options;
    for (const answer of await store.all(sessionId).catch(() => [])) this.setAnswer(answer);
    await this.mergeServer(server);
  }

  /** Bring this device's answers together with the server's, and send what is missing there. */
  async mergeServer(server: readonly ServerAnswer[]): Promise<void> {
    await this.merge(server);
    this.sendNow();
  }

  /** Write down again what this page knows: the device's store was wiped. */
  async restore(): Promise<void> {
    for (const [questionId, answer] of [...this.answers]) {
      await this.change(questionId, (old) => old ?? answer);
    }
  }

  /** Look again at what the device has: another tab may have changed it. */
  async reload(questionId: string): Promise<void> {
    const all = await this.options.store.all(this.options.sessionId).catch(() => []);
    const answer = all.find((item) => item.questionId === questionId);
    if (answer) this.setAnswer(answer);
  }

  value(questionId: string): string[] {
    return this.answers.get(questionId)?.value ?? [];
  }

  state(questionId: string): SaveState {
    const answer = this.answers.get(questionId);
    if (!answer || !isPending(answer)) return 'saved';
    const sendState = this.sendState(questionId);
    if (sendState.refusal !== null) return 'refused';
    return sendState.failures > 0 ? 'offline' : 'saving';
  }

  /** Why a question's newest answer was refused; null where it was not. */
  refusal(questionId: string): string | null {
    return this.sendState(questionId).refusal;
  }

  /** Questions whose newest answer the server does not have. */
  unsaved(): string[] {
    return [...this.pending];
  }

  /** Take a change: it is on the device when this resolves, and sent after `settleMs` of quiet. */
  async set(questionId: string, value: string[], debounceMs = 0): Promise<void> {
    const { sessionId } = this.options;
    await this.change(questionId, (old) => nextAnswer(sessionId, questionId, value, old));
    this.sendState(questionId).refusal = null;
    this.schedule(questionId, debounceMs);
  }

  /** Send everything now instead of waiting for the next try. */
  sendNow(): void {
    for (const questionId of this.unsaved()) this.schedule(questionId, 0);
  }

  /** The server takes answers (again). */
  resume(): void {
    this.blocked = false;
    this.sendNow();
  }

  /**
   * Send everything, what was refused too, and wait until the server has it, or until `timeoutMs`
   * has passed. Returns the questions that are still not saved.
   */
  async flush(timeoutMs: number): Promise<string[]> {
    for (const questionId of this.pending) this.sendState(questionId).refusal = null;
    this.sendNow();
    await this.waitUntilSaved(timeoutMs);
    return this.unsaved();
  }

  /** Send nothing any more. */
  stop(): void {
    this.stopped = true;
    for (const sendState of this.sendStates.values()) clearTimeout(sendState.timer);
    this.notifyWaiters();
  }

  /** Returns the questions whose answer is now another. */
  private async merge(server: readonly ServerAnswer[]): Promise<string[]> {
    const { sessionId } = this.options;
    const adopted: string[] = [];
    for (const saved of server) {
      const before = this.value(saved.question_id);
      const answer = await this.change(saved.question_id, (old) =>
        mergeAnswer(sessionId, saved, old),
      );
      if (!isSameValue(before, answer.value)) adopted.push(saved.question_id);
    }
    return adopted;
  }

  /**
   * Change an answer on the device and here. What this page knows counts as much as what the store
   * holds: a disk may be full and a store may be wiped, and the page still sends.
   */
  private async change(
    questionId: string,
    update: (old?: LocalAnswer) => LocalAnswer,
  ): Promise<LocalAnswer> {
    const { sessionId, store } = this.options;
    const next = (old?: LocalAnswer) => update(newestOf(old, this.answers.get(questionId)));
    const answer = await store.change(sessionId, questionId, next).catch(() => next());
    this.setAnswer(answer);
    return answer;
  }

  private setAnswer(answer: LocalAnswer): void {
    this.answers.set(answer.questionId, answer);
    if (isPending(answer)) this.pending.add(answer.questionId);
    else this.pending.delete(answer.questionId);
    this.options.onChange(answer.questionId);
    this.notifyIfSettled();
  }

  private sendState(questionId: string): SendState {
    const existing = this.sendStates.get(questionId);
    if (existing) return existing;
    const fresh: SendState = { busy: false, failures: 0, refusal: null, timer: undefined };
    this.sendStates.set(questionId, fresh);
    return fresh;
  }

  private schedule(questionId: string, ms: number): void {
    const sendState = this.sendState(questionId);
    clearTimeout(sendState.timer);
    sendState.timer = setTimeout(() => {
      sendState.timer = undefined;
      void this.send(questionId);
    }, ms);
  }

  private async send(questionId: string): Promise<void> {
    const answer = this.answers.get(questionId);
    const sendState = this.sendState(questionId);
    const idle = !this.stopped && !this.blocked && !sendState.busy && sendState.refusal === null;
    // Whoever finds all lines busy is taken up by the next one that is free.
    if (!answer || !isPending(answer) || !idle || this.busy >= MAX_CONCURRENT) return;
    sendState.busy = true;
    this.busy += 1;
    try {
      const saved = await this.options.api.save(questionId, answer.sequence, answer.value);
      sendState.failures = 0;
      await this.merge([saved]);
    } catch (error) {
      await this.handleFailure(questionId, error);
    } finally {
      sendState.busy = false;
      this.busy -= 1;
      this.sendNext();
    }
  }

  private async handleFailure(questionId: string, error: unknown): Promise<void> {
    if (!(error instanceof ApiError) || error.retryable) this.retry(questionId);
    else if (error.code === 'stale_answer') await this.adoptServerAnswers(questionId);
    else if (error.code === 'sequence_too_high') await this.renumber(questionId);
    else if (BLOCKING_STATUSES.has(error.status)) this.block(error);
    else this.markRefused(questionId, error.sentence);
  }

  /** The server has a newer answer: read it. */
  private async adoptServerAnswers(questionId: string): Promise<void> {
    try {
      const adopted = await this.merge(await this.options.api.read());
      if (adopted.length > 0) this.options.onAdopted?.(adopted);
    } catch (error) {
      if (error instanceof ApiError && !error.retryable) this.block(error);
      else this.retry(questionId);
    }
  }

  /** This device counted further than a page can: read what is saved, and count on from there. */
  private async renumber(questionId: string): Promise<void> {
    try {
      const saved = await this.options.api.read();
      const known = saved.find((answer) => answer.question_id === questionId)?.sequence ?? 0;
      await this.replace(questionId, known);
      this.schedule(questionId, 0);
    } catch (error) {
      if (error instanceof ApiError && !error.retryable) this.block(error);
      else this.retry(questionId);
    }
  }

  private async replace(questionId: string, saved: number): Promise<void> {
    const current = this.answers.get(questionId);
    if (!current) return;
    const { sessionId, store } = this.options;
    const next = renumberAnswer(current, saved);
    await store.change(sessionId, questionId, () => next).catch(() => next);
    this.setAnswer(next);
  }

  /** The server will never take this one: it waits for another answer to the question. */
  private markRefused(questionId: string, reason: string): void {
    this.sendState(questionId).refusal = reason;
    this.options.onChange(questionId);
    this.notifyIfSettled();
  }

  private block(error: ApiError): void {
    this.blocked = true;
    this.notifyWaiters();
    this.options.onBlocked(error);
  }

  private retry(questionId: string): void {
    const sendState = this.sendState(questionId);
    const wait = backoff(sendState.failures++, this.options.random, 500, MAX_BACKOFF_MS);
    this.schedule(questionId, wait);
    this.options.onChange(questionId);
  }

  /** Send what waited for a free line: what is pending and has no timer of its own. */
  private sendNext(): void {
    for (const questionId of this.pending) {
      if (this.busy >= MAX_CONCURRENT) return;
      if (this.sendState(questionId).timer === undefined) void this.send(questionId);
    }
  }

  private waitUntilSaved(timeoutMs: number): Promise<void> {
    if (this.pending.size === 0 || this.blocked || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.waiters.add(done);
    });
  }

  /** Nothing is left to wait for: what the server has not got, it has refused. */
  private notifyIfSettled(): void {
    for (const questionId of this.pending) if (this.sendState(questionId).refusal === null) return;
    this.notifyWaiters();
  }

  private notifyWaiters(): void {
    for (const done of [...this.waiters]) done();
  }
}

/** Of what the device and this page know of one question, the higher sequence. */
function newestOf(first?: LocalAnswer, second?: LocalAnswer): LocalAnswer | undefined {
  if (!first || !second) return first ?? second;
  return first.sequence >= second.sequence ? first : second;
}
