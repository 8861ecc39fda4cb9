import type { Push } from './api/types';

/** Somebody who wants to know what the socket says. */
export interface PushListener {
  onPush?: (push: Push) => void;
  /** The API is to be read again: after a break, and now and then. */
  onResync?: () => void;
}

/** Those who listen to the page's one socket. */
export interface PushListeners {
  /** Listen; returns how to stop. */
  subscribe: (listener: PushListener) => () => void;
  publish: (push: Push) => void;
  resync: () => void;
}

export function createPushListeners(): PushListeners {
  const listeners = new Set<PushListener>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish: (push) => listeners.forEach((listener) => listener.onPush?.(push)),
    resync: () => listeners.forEach((listener) => listener.onResync?.()),
  };
}
