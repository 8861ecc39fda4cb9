/**
 * The server's clock, as this page knows it.
 *
 * Every response carries the server's time at some moment between request and response. It bounds the
 * difference between the two clocks; the bounds narrow with every answer. Local time is monotonic
 * (performance.now), so nobody gains time by setting the computer's clock.
 */
export interface ServerClock {
  /** The server's time, ms since 1970. */
  now(): number;
  /** This page's own monotonic time, ms. */
  local(): number;
  /** Record that the server's time was `now` at some moment between two local ones. */
  synchronize(now: number, sentAt: number, receivedAt: number): void;
}

/** Create a clock; until the first response it returns this computer's own time. */
export function createClock(
  local: () => number = () => performance.now(),
  wallClock: () => number = () => Date.now(),
): ServerClock {
  const initial = wallClock() - local();
  let lowest = -Infinity;
  let highest = Infinity;
  const offset = () => (Number.isFinite(lowest + highest) ? (lowest + highest) / 2 : initial);
  return {
    local,
    now: () => Math.round(local() + offset()),
    synchronize(now, sentAt, receivedAt) {
      const [low, high] = [now - receivedAt, now - sentAt];
      // Bounds that do not meet: a clock has jumped or drifted, or the computer slept.
      const disjoint = low > highest || high < lowest;
      lowest = disjoint ? low : Math.max(lowest, low);
      highest = disjoint ? high : Math.min(highest, high);
    },
  };
}
