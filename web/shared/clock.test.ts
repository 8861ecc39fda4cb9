import { describe, expect, it } from 'vitest';
import { createClock } from './clock';

/** A page whose monotonic time is `at.local`, on a computer that thinks it is `guess`. */
function page(guess = 0) {
  const at = { local: 1_000 };
  const clock = createClock(
    () => at.local,
    () => guess,
  );
  return { at, clock };
}

describe("the server's clock", () => {
  it("is the computer's until the server has answered", () => {
    expect(page(5_000).clock.now()).toBe(5_000);
  });

  it('is right within the time that the answer took', () => {
    const { at, clock } = page();
    clock.synchronize(700_000, 1_000, 1_200);
    at.local = 1_200;
    expect(Math.abs(clock.now() - 700_100)).toBeLessThanOrEqual(100);
  });

  it('does not get worse by a slow answer', () => {
    const { at, clock } = page();
    clock.synchronize(700_010, 1_000, 1_020);
    at.local = 61_000;
    clock.synchronize(765_000, 61_000, 69_000);
    at.local = 70_000;
    expect(Math.abs(clock.now() - 769_000)).toBeLessThanOrEqual(10);
  });

  it('narrows with every answer', () => {
    const { at, clock } = page();
    clock.synchronize(700_000, 1_000, 1_200); // between 698_800 and 699_000 ahead
    clock.synchronize(702_150, 3_050, 3_250); // between 698_900 and 699_100 ahead
    at.local = 4_000;
    expect(clock.now()).toBe(4_000 + 698_950);
  });

  it('follows when the clocks have come apart, as after sleep', () => {
    const { at, clock } = page();
    clock.synchronize(700_000, 1_000, 1_010);
    clock.synchronize(4_300_000, 2_000, 2_010);
    at.local = 2_010;
    expect(Math.abs(clock.now() - 4_300_005)).toBeLessThanOrEqual(5);
  });
});
