/**
 * The server's clock, as this page knows it.
 *
 * Every answer says what time it was on the server between asking and hearing. Each bounds the
 * difference between the two clocks; the bounds narrow with every answer. Local time is monotonic
 * (performance.now), so nobody gains time by setting the computer's clock.
 */
export interface ServerClock {
  /** The server's time, ms since 1970. */
  now(): number;
  /** This page's own monotonic time, ms. */
  local(): number;
  /** Take in that the server's time was `now` somewhere between two local moments. */
  learn(now: number, asked: number, heard: number): void;
}

/** Make a clock; until it has learned, it says this computer's own time. */
export function createClock(
  local: () => number = () => performance.now(),
  guess: () => number = () => Date.now(),
): ServerClock {
  const first = guess() - local();
  let least = -Infinity;
  let most = Infinity;
  const difference = () => (Number.isFinite(least + most) ? (least + most) / 2 : first);
  return {
    local,
    now: () => Math.round(local() + difference()),
    learn(now, asked, heard) {
      const [low, high] = [now - heard, now - asked];
      // Bounds that do not meet: a clock has jumped or drifted, or the computer slept.
      const apart = low > most || high < least;
      least = apart ? low : Math.max(least, low);
      most = apart ? high : Math.min(most, high);
    },
  };
}
