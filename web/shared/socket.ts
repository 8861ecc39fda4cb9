import type { Push, SocketMessage } from './api/types';
import { backoff } from './backoff';

/** `polling`: there is no socket just now, the API is read every few seconds instead. */
export type ConnectionState = 'connecting' | 'open' | 'polling';

export interface SocketOptions {
  url: string;
  /** Get a fresh ticket; asked before every connection. */
  ticket: () => Promise<string>;
  /** A hint that something changed; it may be late, doubled or missing. */
  onPush: (push: Push) => void;
  /** Read the API again: after every connection, and as the only source while polling. */
  onResync: () => void;
  /** Sent after every connection, such as which room to subscribe to. */
  subscriptions?: () => SocketMessage[];
  onConnectionChange?: (link: ConnectionState) => void;
  random?: () => number;
  createWebSocket?: (address: string) => WebSocket;
}

export interface Socket {
  start(): void;
  stop(): void;
  /** Send a message now. Returns false where the socket is not open, and nothing was sent. */
  send: (message: SocketMessage) => boolean;
}

const POLL_MS = 5_000;
const PING_MS = 4 * 60_000;
/** Even an open socket may lose a push: read the API again this often. */
const RECHECK_MS = 60_000;
/** Some networks swallow sockets silently: the API is polled until one has opened. */
const POLL_AFTER_MS = 5_000;
/** A socket that has not opened by then never will: a cold server takes some seconds. */
const OPEN_TIMEOUT_MS = 30_000;
/** Some networks cut sockets at once: only a lasting connection resets the backoff. */
const STABLE_AFTER_MS = 10_000;

/**
 * Keep one socket open, and never depend on it: where it cannot be had, poll.
 * There is one per page, and nothing else touches the WebSocket.
 */
export function createSocket(options: SocketOptions): Socket {
  const createWebSocket = options.createWebSocket ?? ((address: string) => new WebSocket(address));
  let running = false;
  let failures = 0;
  let socket: WebSocket | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let openTimer: ReturnType<typeof setTimeout> | undefined;
  let timers: ReturnType<typeof setInterval>[] = [];
  let polling = false;

  function clearTimers(): void {
    polling = false;
    timers.forEach(clearInterval);
    timers = [];
  }

  function startTimer(ms: number, act: () => void): void {
    timers.push(setInterval(act, ms));
  }

  async function connect(): Promise<void> {
    try {
      const ticket = await options.ticket();
      if (running) listenTo(createWebSocket(`${options.url}?ticket=${encodeURIComponent(ticket)}`));
    } catch {
      onClose();
    }
  }

  function listenTo(opening: WebSocket): void {
    socket = opening;
    openTimer = setTimeout(() => {
      startPolling();
      openTimer = setTimeout(abandon, OPEN_TIMEOUT_MS - POLL_AFTER_MS);
    }, POLL_AFTER_MS);
    opening.onopen = () => opening === socket && onOpen();
    opening.onclose = () => opening === socket && onClose();
    opening.onmessage = (event: MessageEvent<unknown>) =>
      opening === socket && onMessage(event.data);
  }

  /** Abandon a socket and ignore its events. */
  function abandon(): void {
    const abandoned = socket;
    socket = null;
    abandoned?.close();
    onClose();
  }

  function onOpen(): void {
    clearTimeout(openTimer);
    openTimer = setTimeout(() => (failures = 0), STABLE_AFTER_MS);
    clearTimers();
    startTimer(PING_MS, () => send({ action: 'ping' }));
    startTimer(RECHECK_MS, options.onResync);
    options.onConnectionChange?.('open');
    options.subscriptions?.().forEach(send);
    options.onResync();
  }

  function onClose(): void {
    socket = null;
    clearTimeout(openTimer);
    if (!running) return;
    startPolling();
    retry = setTimeout(() => void connect(), backoff(failures++, options.random, 1_000));
  }

  function startPolling(): void {
    if (polling) return;
    clearTimers();
    polling = true;
    startTimer(POLL_MS, options.onResync);
    options.onConnectionChange?.('polling');
  }

  function onMessage(data: unknown): void {
    const push = parsePush(data);
    if (push) options.onPush(push);
  }

  function send(message: SocketMessage): boolean {
    if (!socket || socket.readyState !== socket.OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  }

  /** The page is looked at again: do not wait for the next try. */
  function retryNow(): void {
    if (document.visibilityState === 'hidden') return;
    options.onResync();
    if (socket) return;
    clearTimeout(retry);
    void connect();
  }

  /** The network is back: the old socket may be dead without an event. */
  function reconnect(): void {
    const old = socket;
    socket = null;
    old?.close();
    retryNow();
  }

  return {
    send,
    start() {
      if (running) return;
      running = true;
      options.onConnectionChange?.('connecting');
      window.addEventListener('online', reconnect);
      document.addEventListener('visibilitychange', retryNow);
      void connect();
    },
    stop() {
      running = false;
      clearTimeout(retry);
      clearTimeout(openTimer);
      clearTimers();
      window.removeEventListener('online', reconnect);
      document.removeEventListener('visibilitychange', retryNow);
      const closing = socket;
      socket = null;
      closing?.close();
    },
  };
}

function parsePush(data: unknown): Push | null {
  try {
    const message = JSON.parse(String(data)) as Partial<Push> | null;
    return typeof message?.type === 'string' ? (message as Push) : null;
  } catch {
    return null;
  }
}
