import { describe, expect, it } from 'vitest';
import { useHandIn } from './useHandIn';

/** Handing in with answers that the server has not got yet, tried and told how often. */
function handing(unsaved: string[], submit: () => Promise<void> = () => Promise.resolve()) {
  let tries = 0;
  const act = () => {
    tries += 1;
    return submit();
  };
  const handIn = useHandIn({ runStep: act }, { flush: () => Promise.resolve(unsaved) });
  return { handIn, tries: () => tries };
}

describe('useHandIn', () => {
  it('hands in what the server has', async () => {
    const { handIn, tries } = handing([]);
    handIn.open();
    await handIn.confirm();
    expect(tries()).toBe(1);
    expect(handIn.unsaved.value).toBe(0);
  });

  it('hands in nothing while an answer is not on the server', async () => {
    const { handIn, tries } = handing(['q1', 'q2']);
    handIn.open();
    await handIn.confirm();
    expect(tries()).toBe(0);
    expect(handIn.unsaved.value).toBe(2);
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
});
