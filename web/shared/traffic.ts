/**
 * What this page sends, by its urgency: requests of the API (answers, lock reports) and captures go
 * first; recordings wait for them, and give way to a request that is not answered quickly.
 */
export type Urgency = 'request' | 'capture';

/** A request that takes longer than this gets the line for itself. */
const PRESSING_MS = 400;

export interface Traffic {
  /** Run urgent work; whoever waits for a quiet line waits for it. */
  urgent<Result>(urgency: Urgency, work: () => Promise<Result>): Promise<Result>;
  /** Resolves while no urgent work is under way. */
  quiet(): Promise<void>;
  /** Call back when a request has been waiting for a while; returns how to unsubscribe. */
  onPressing(callback: () => void): () => void;
}

export function createTraffic(): Traffic {
  let underWay = 0;
  let waiting: (() => void)[] = [];
  const givingWay = new Set<() => void>();
  return {
    async urgent(urgency, work) {
      underWay += 1;
      const press = () => givingWay.forEach((giveWay) => giveWay());
      const timer = urgency === 'request' ? setTimeout(press, PRESSING_MS) : undefined;
      try {
        return await work();
      } finally {
        clearTimeout(timer);
        underWay -= 1;
        if (underWay === 0) {
          const resolved = waiting;
          waiting = [];
          resolved.forEach((resolve) => resolve());
        }
      }
    },
    async quiet() {
      while (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    onPressing(callback) {
      givingWay.add(callback);
      return () => givingWay.delete(callback);
    },
  };
}

/** The page's one line. */
export const traffic = createTraffic();
