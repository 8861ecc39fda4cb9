import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, NetworkError } from '../../shared/api/errors';
import type { SaveState } from '../answers/outbox';
import { useHandIn } from './useHandIn';

/** Handing in with answers that the server has not got yet, tried and told how often. */
function handing(
  unsaved: string[],
  submit: () => Promise<void> = () => Promise.resolve(),
  states = new Map<string, SaveState>(),
) {
  let tries = 0;
  const act = () => {
    tries += 1;
    return submit();
  };
  const handIn = useHandIn(
    { runStep: act },
    { flush: () => Promise.resolve([...unsaved]), states },
  );
  return { handIn, tries: () => tries };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('useHandIn', () => {
  it('hands in what the server has', async () => {
    const { handIn, tries } = handing([]);
    handIn.open();
    await handIn.confirm();
    expect(tries()).toBe(1);
    expect(handIn.unsaved.value).toEqual([]);
  });

  it('hands in nothing while an answer is not on the server', async () => {
    const { handIn, tries } = handing(['q1', 'q2']);
    handIn.open();
    await handIn.confirm();
    expect(tries()).toBe(0);
    expect(handIn.unsaved.value).toEqual(['q1', 'q2']);
    expect(handIn.busy.value).toBe(false);
  });

  it('hands in once, however often it is pressed', async () => {
    const { handIn, tries } = handing([]);
    await Promise.all([handIn.confirm(), handIn.confirm()]);
    expect(tries()).toBe(1);
  });

  it('tells why it failed, and forgets it when asked anew', async () => {
    const failure = new Error('no answer');
    const { handIn } = handing([], () => Promise.reject(failure));
    await handIn.confirm();
    expect(handIn.error.value).toBe(failure);
    handIn.open();
    expect(handIn.error.value).toBeNull();
    expect(handIn.isConfirming.value).toBe(true);
  });

  it('goes on by itself where the network kept it from handing in', async () => {
    const unsaved = ['q1'];
    let failing = true;
    const { handIn, tries } = handing(unsaved, () =>
      failing ? Promise.reject(new NetworkError('a page of a firewall', 451)) : Promise.resolve(),
    );
    handIn.open();
    await handIn.confirm();
    expect([tries(), handIn.isRetrying.value]).toEqual([0, true]);
    unsaved.pop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(handIn.isRetrying.value).toBe(true);
    expect(handIn.error.value).toBeInstanceOf(NetworkError);
    failing = false;
    const before = tries();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([tries() - before, handIn.isRetrying.value, handIn.error.value]).toEqual([
      1,
      false,
      null,
    ]);
  });

  it('hands in nothing any more once the person goes back to the questions', async () => {
    const unsaved = ['q1'];
    const { handIn, tries } = handing(unsaved);
    handIn.open();
    await handIn.confirm();
    handIn.close();
    unsaved.pop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([tries(), handIn.isRetrying.value, handIn.isConfirming.value]).toEqual([
      0,
      false,
      false,
    ]);
  });

  it('does not ask again what the API has refused', async () => {
    const refused = handing(['q1'], undefined, new Map([['q1', 'refused']]));
    const early = handing([], () => Promise.reject(new ApiError(409, 'too_early', '')));
    for (const { handIn } of [refused, early]) {
      handIn.open();
      await handIn.confirm();
      expect(handIn.isRetrying.value).toBe(false);
    }
  });
});
