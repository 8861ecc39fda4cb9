import { ApiError, NetworkError } from '../../shared/api/errors';
import type { ServerAnswer } from './model';
import type { AnswerApi } from './outbox';

/** How far an answer may be ahead of the saved one, as the server has it. */
const MAX_STEP = 10_000;

/** A server in memory that keeps answers by the real one's rules, and fails when it is told to. */
export class FakeServer implements AnswerApi {
  readonly answers = new Map<string, ServerAnswer>();
  /** Every write that changed something, in order. */
  readonly writes: ServerAnswer[] = [];
  calls = 0;
  open = true;
  offline = false;
  /** The most requests that were on their way at once for one question. */
  mostAtOnce = 0;
  /** Of every so many calls one fails: half of them before the server hears, half after. */
  failEvery = 0;
  private readonly underway = new Map<string, number>();

  async save(questionId: string, sequence: number, value: string[]): Promise<ServerAnswer> {
    const number = ++this.calls;
    this.count(questionId, 1);
    await Promise.resolve();
    this.count(questionId, -1);
    const isFailing = this.offline || (this.failEvery > 0 && number % this.failEvery === 0);
    const received = !this.offline && (!isFailing || (number / this.failEvery) % 2 === 0);
    const saved = received ? this.store(questionId, sequence, value) : null;
    if (isFailing || !saved) throw new NetworkError('cut');
    return saved;
  }

  read(): Promise<ServerAnswer[]> {
    if (this.offline) return Promise.reject(new NetworkError('cut'));
    return Promise.resolve([...this.answers.values()]);
  }

  private store(questionId: string, sequence: number, value: string[]): ServerAnswer {
    if (!this.open) throw new ApiError(409, 'wrong_state', 'over');
    if (value.includes('impossible')) throw new ApiError(400, 'bad_input', 'not a choice');
    const answer = { question_id: questionId, sequence, value: [...value] };
    const existing = this.answers.get(questionId);
    if (sequence > (existing?.sequence ?? 0) + MAX_STEP) {
      throw new ApiError(400, 'sequence_too_high', 'too high');
    }
    if (existing && existing.sequence >= sequence) {
      if (JSON.stringify(existing) === JSON.stringify(answer)) return existing;
      throw new ApiError(409, 'stale_answer', 'newer');
    }
    this.answers.set(questionId, answer);
    this.writes.push(answer);
    return answer;
  }

  private count(questionId: string, by: number): void {
    const now = (this.underway.get(questionId) ?? 0) + by;
    this.underway.set(questionId, now);
    this.mostAtOnce = Math.max(this.mostAtOnce, now);
  }
}
