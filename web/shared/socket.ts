import type { Push, Said } from './api/types';
import { backoff } from './backoff';

/** `polling`: there is no socket just now, the API is read every few seconds instead. */
export type Link = 'connecting' | 'open' | 'polling';

export interface SocketOptions {
  url: string;
  /** Get a fresh ticket; asked before every connection. */
  ticket: () => Promise<string>;
  /** A hint that something changed; it may be late, doubled or missing. */
  onPush: (push: Push) => void;
  /** Read the API again: after every connection, and as the only source while polling. */
  onResync: () => void;
  /** Said after every connection, such as which room to follow. */
  hello?: () => Said[];
  onLink?: (link: Link) => void;
  random?: () => number;
  open?: (address: string) => WebSocket;
}

export interface Socket {
  start(): void;
  stop(): void;
  /** Say something now. Returns false where the socket is not open, and nothing was said. */
  say: (said: Said) => boolean;
}

const POLL_MS = 5_000;
const PING_MS = 4 * 60_000;
/** Even an open socket may lose a push: read the API again this often. */
const RECHECK_MS = 60_000;
/** Where sockets are swallowed, no one says so: until one has opened, the API is read meanwhile. */
const SOON_MS = 5_000;
/** A socket that has not opened by then never will: a cold server takes some seconds. */
const OPENS_WITHIN_MS = 30_000;
/** Where they are cut at once, opening is no success: only one that lasts begins to count anew. */
const STEADY_AFTER_MS = 10_000;

/**
 * Keep one socket open, and never depend on it: where it cannot be had, poll.
 * There is one per page, and nothing else touches the WebSocket.
 */
export function createSocket(options: SocketOptions): Socket {
  const open = options.open ?? ((address: string) => new WebSocket(address));
  let running = false;
  let failures = 0;
  let socket: WebSocket | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let beats: ReturnType<typeof setInterval>[] = [];
  let polling = false;

  function rest(): void {
    polling = false;
    beats.forEach(clearInterval);
    beats = [];
  }

  function beat(ms: number, act: () => void): void {
    beats.push(setInterval(act, ms));
  }

  async function connect(): Promise<void> {
    try {
      const ticket = await options.ticket();
      if (running) attach(open(`${options.url}?ticket=${encodeURIComponent(ticket)}`));
    } catch {
      lost();
    }
  }

  function attach(made: WebSocket): void {
    socket = made;
    patience = setTimeout(() => {
      poll();
      patience = setTimeout(drop, OPENS_WITHIN_MS - SOON_MS);
    }, SOON_MS);
    made.onopen = () => made === socket && opened();
    made.onclose = () => made === socket && lost();
    made.onmessage = (event: MessageEvent<unknown>) => made === socket && heard(event.data);
  }

  /** Give a socket up, whatever it may still say. */
  function drop(): void {
    const dropped = socket;
    socket = null;
    dropped?.close();
    lost();
  }

  function opened(): void {
    clearTimeout(patience);
    patience = setTimeout(() => (failures = 0), STEADY_AFTER_MS);
    rest();
    beat(PING_MS, () => say({ action: 'ping' }));
    beat(RECHECK_MS, options.onResync);
    options.onLink?.('open');
    options.hello?.().forEach(say);
    options.onResync();
  }

  function lost(): void {
    socket = null;
    clearTimeout(patience);
    if (!running) return;
    poll();
    retry = setTimeout(() => void connect(), backoff(failures++, options.random, 1_000));
  }

  function poll(): void {
    if (polling) return;
    rest();
    polling = true;
    beat(POLL_MS, options.onResync);
    options.onLink?.('polling');
  }

  function heard(data: unknown): void {
    const push = parsed(data);
    if (push) options.onPush(push);
  }

  function say(said: Said): boolean {
    if (!socket || socket.readyState !== socket.OPEN) return false;
    socket.send(JSON.stringify(said));
    return true;
  }

  /** The page is looked at again: do not wait for the next try. */
  function hurry(): void {
    if (document.visibilityState === 'hidden') return;
    options.onResync();
    if (socket) return;
    clearTimeout(retry);
    void connect();
  }

  /** The network is back: the socket of before may be dead without having heard of it. */
  function renew(): void {
    const old = socket;
    socket = null;
    old?.close();
    hurry();
  }

  return {
    say,
    start() {
      if (running) return;
      running = true;
      options.onLink?.('connecting');
      window.addEventListener('online', renew);
      document.addEventListener('visibilitychange', hurry);
      void connect();
    },
    stop() {
      running = false;
      clearTimeout(retry);
      clearTimeout(patience);
      rest();
      window.removeEventListener('online', renew);
      document.removeEventListener('visibilitychange', hurry);
      const closing = socket;
      socket = null;
      closing?.close();
    },
  };
}

function parsed(data: unknown): Push | null {
  try {
    const message = JSON.parse(String(data)) as Partial<Push> | null;
    return typeof message?.type === 'string' ? (message as Push) : null;
  } catch {
    return null;
  }
}
