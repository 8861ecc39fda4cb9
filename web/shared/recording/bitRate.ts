/** Shares of the planned bits, from all of them downwards. */
const STEPS = [1, 0.6, 0.35, 0.2] as const;
/** So many segments that wait are a line that does not keep up; so few, one that does. */
const MANY = 4;
const FEW = 1;
/** The line must carry this much more than the next step up needs. */
const HEADROOM = 1.5;
/** Changes are this far apart, in segments that were sent. */
const CALM = 3;

/** How many bits of picture a line carries: falls back in steps, and recovers. */
export interface BitRate {
  /** The share of the planned bits. */
  readonly share: number;
  /** A segment of `bits` took `ms`; so many wait. */
  sent(bits: number, ms: number, waiting: number): void;
  /** Nothing could be sent for a while; so many wait. */
  stuck(waiting: number): void;
}

/** `needed` are the bits a second that all tracks record at the full share. */
export function createBitRate(needed: () => number): BitRate {
  let step = 0;
  let calm = 0;
  let rate = 0;
  const share = (at: number) => STEPS[at] ?? 1;

  function move(by: number): void {
    step = Math.min(Math.max(step + by, 0), STEPS.length - 1);
    calm = 0;
  }

  return {
    get share() {
      return share(step);
    },
    sent(bits, ms, waiting) {
      const measured = bits / (Math.max(ms, 1) / 1_000);
      rate = rate === 0 ? measured : rate * 0.6 + measured * 0.4;
      calm += 1;
      if (calm < CALM) return;
      if (waiting >= MANY) move(1);
      else if (step > 0 && waiting <= FEW && rate > needed() * share(step - 1) * HEADROOM) move(-1);
    },
    stuck(waiting) {
      calm += 1;
      if (calm >= CALM && waiting >= MANY) move(1);
    },
  };
}
