import type { Push } from './api/types';

/** A subscriber to the socket's messages. */
export interface PushListener {
  onPush?: (push: Push) => void;
  /** The API is to be read again: after a break, and now and then. */
  onResync?: () => void;
}

/** The subscribers to the page's one socket. */
export interface PushListeners {
  /** Subscribe; returns how to unsubscribe. */
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
