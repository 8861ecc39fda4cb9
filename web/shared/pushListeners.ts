import type { Push } from './api/types';

/** Somebody who wants to know what the socket says. */
export interface Listener {
  onPush?: (push: Push) => void;
  /** The API is to be read again: after a break, and now and then. */
  onResync?: () => void;
}

/** Those who listen to the page's one socket. */
export interface Listeners {
  /** Listen; returns how to stop. */
  hear: (listener: Listener) => () => void;
  push: (push: Push) => void;
  resync: () => void;
}

export function createListeners(): Listeners {
  const known = new Set<Listener>();
  return {
    hear(listener) {
      known.add(listener);
      return () => known.delete(listener);
    },
    push: (push) => known.forEach((listener) => listener.onPush?.(push)),
    resync: () => known.forEach((listener) => listener.onResync?.()),
  };
}
