import { ApiError } from '../../shared/api/errors';
import { backoff } from '../../shared/backoff';
import { changed, isPending, merged, sameValue } from './model';
import type { LocalAnswer, ServerAnswer } from './model';
import type { AnswerStore } from './store';

/** The server's two doors for answers. */
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
  onHeld: (error: ApiError) => void;
  /** Newer answers from another tab or device took the place of these. */
  onAdopted?: (questionIds: string[]) => void;
  random?: () => number;
}

/** How many answers are on their way at once. */
const AT_ONCE = 3;
const LONGEST_WAIT_MS = 15_000;
/** Not signed in, not allowed, not at this stage: it is not about the answer. */
const CLOSED = new Set([401, 403, 409]);

/** One question's sending. */
interface Sending {
  busy: boolean;
  failures: number;
  refused: boolean;
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
  private readonly sendings = new Map<string, Sending>();
  /** Questions whose newest answer the server does not have, oldest first. */
  private readonly pending = new Set<string>();
  private readonly waiters = new Set<() => void>();
  private busy = 0;
  private held = false;
  private stopped = false;

  constructor(private readonly options: OutboxOptions) {}

  /** Load what this device has, bring it together with the server's, and send what is missing. */
  async open(server: readonly ServerAnswer[] = []): Promise<void> {
    const { sessionId, store } = this.options;
    for (const answer of await store.all(sessionId).catch(() => [])) this.learn(answer);
    await this.meet(server);
  }

  /** Bring this device's answers together with the server's, and send what is missing there. */
  async meet(server: readonly ServerAnswer[]): Promise<void> {
    await this.merge(server);
    this.hurry();
  }

  /** Write down again what this page knows: the device's store was wiped. */
  async restore(): Promise<void> {
    for (const [questionId, known] of [...this.answers]) {
      await this.change(questionId, (old) => old ?? known);
    }
  }

  /** Look again at what the device has: another tab may have changed it. */
  async reload(questionId: string): Promise<void> {
    const all = await this.options.store.all(this.options.sessionId).catch(() => []);
    const answer = all.find((item) => item.questionId === questionId);
    if (answer) this.learn(answer);
  }

  value(questionId: string): string[] {
    return this.answers.get(questionId)?.value ?? [];
  }

  state(questionId: string): SaveState {
    const answer = this.answers.get(questionId);
    if (!answer || !isPending(answer)) return 'saved';
    const sending = this.sending(questionId);
    if (sending.refused) return 'refused';
    return sending.failures > 0 ? 'offline' : 'saving';
  }

  /** Questions whose newest answer the server does not have. */
  unsaved(): string[] {
    return [...this.pending];
  }

  /** Take a change: it is on the device when this resolves, and sent after `settleMs` of quiet. */
  async set(questionId: string, value: string[], settleMs = 0): Promise<void> {
    const { sessionId } = this.options;
    await this.change(questionId, (old) => changed(sessionId, questionId, value, old));
    this.sending(questionId).refused = false;
    this.later(questionId, settleMs);
  }

  /** Send everything now instead of waiting for the next try. */
  hurry(): void {
    for (const questionId of this.unsaved()) this.later(questionId, 0);
  }

  /** The server takes answers (again). */
  resume(): void {
    this.held = false;
    this.hurry();
  }

  /**
   * Send everything and wait until the server has it, or until `patienceMs` has passed.
   * Returns the questions that are still not saved.
   */
  async flush(patienceMs: number): Promise<string[]> {
    this.hurry();
    await this.quiet(patienceMs);
    return this.unsaved();
  }

  /** Send nothing any more. */
  stop(): void {
    this.stopped = true;
    for (const sending of this.sendings.values()) clearTimeout(sending.timer);
    this.wake();
  }

  /** Returns the questions whose answer is now another. */
  private async merge(server: readonly ServerAnswer[]): Promise<string[]> {
    const { sessionId } = this.options;
    const adopted: string[] = [];
    for (const saved of server) {
      const before = this.value(saved.question_id);
      const answer = await this.change(saved.question_id, (old) => merged(sessionId, saved, old));
      if (!sameValue(before, answer.value)) adopted.push(saved.question_id);
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
    const next = (old?: LocalAnswer) => update(newest(old, this.answers.get(questionId)));
    const answer = await store.change(sessionId, questionId, next).catch(() => next());
    this.learn(answer);
    return answer;
  }

  private learn(answer: LocalAnswer): void {
    this.answers.set(answer.questionId, answer);
    if (isPending(answer)) this.pending.add(answer.questionId);
    else this.pending.delete(answer.questionId);
    this.options.onChange(answer.questionId);
    if (this.pending.size === 0) this.wake();
  }

  private sending(questionId: string): Sending {
    const known = this.sendings.get(questionId);
    if (known) return known;
    const fresh: Sending = { busy: false, failures: 0, refused: false, timer: undefined };
    this.sendings.set(questionId, fresh);
    return fresh;
  }

  private later(questionId: string, ms: number): void {
    const sending = this.sending(questionId);
    clearTimeout(sending.timer);
    sending.timer = setTimeout(() => {
      sending.timer = undefined;
      void this.send(questionId);
    }, ms);
  }

  private async send(questionId: string): Promise<void> {
    const answer = this.answers.get(questionId);
    const sending = this.sending(questionId);
    const idle = !this.stopped && !this.held && !sending.busy && !sending.refused;
    // Whoever finds all lines busy is taken up by the next one that is free.
    if (!answer || !isPending(answer) || !idle || this.busy >= AT_ONCE) return;
    sending.busy = true;
    this.busy += 1;
    try {
      const saved = await this.options.api.save(questionId, answer.sequence, answer.value);
      sending.failures = 0;
      await this.merge([saved]);
    } catch (error) {
      await this.failed(questionId, error);
    } finally {
      sending.busy = false;
      this.busy -= 1;
      this.takeUp();
    }
  }

  private async failed(questionId: string, error: unknown): Promise<void> {
    if (!(error instanceof ApiError) || error.passing) this.retry(questionId);
    else if (error.code === 'stale_answer') await this.adopt(questionId);
    else if (CLOSED.has(error.status)) this.hold(error);
    else this.refuse(questionId);
  }

  /** The server has a newer answer: read it. */
  private async adopt(questionId: string): Promise<void> {
    try {
      const adopted = await this.merge(await this.options.api.read());
      if (adopted.length > 0) this.options.onAdopted?.(adopted);
    } catch (error) {
      if (error instanceof ApiError && !error.passing) this.hold(error);
      else this.retry(questionId);
    }
  }

  /** The server will never take this one: it waits for another answer to the question. */
  private refuse(questionId: string): void {
    this.sending(questionId).refused = true;
    this.options.onChange(questionId);
  }

  private hold(error: ApiError): void {
    this.held = true;
    this.wake();
    this.options.onHeld(error);
  }

  private retry(questionId: string): void {
    const sending = this.sending(questionId);
    const wait = backoff(sending.failures++, this.options.random, 500, LONGEST_WAIT_MS);
    this.later(questionId, wait);
    this.options.onChange(questionId);
  }

  /** Send what waited for a free line: what is pending and has no timer of its own. */
  private takeUp(): void {
    for (const questionId of this.pending) {
      if (this.busy >= AT_ONCE) return;
      if (this.sending(questionId).timer === undefined) void this.send(questionId);
    }
  }

  private quiet(patienceMs: number): Promise<void> {
    if (this.pending.size === 0 || this.held || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, patienceMs);
      this.waiters.add(done);
    });
  }

  private wake(): void {
    for (const done of [...this.waiters]) done();
  }
}

/** Of what the device and this page know of one question, the higher sequence. */
function newest(left?: LocalAnswer, other?: LocalAnswer): LocalAnswer | undefined {
  if (!left || !other) return left ?? other;
  return left.sequence >= other.sequence ? left : other;
}
