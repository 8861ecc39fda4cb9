// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Push } from './api/types';
import { createSocket, type ConnectionState, type Socket } from './socket';

class FakeWebSocket {
  readonly OPEN = 1;
  readyState = 0;
  readonly sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly address: string) {}

  opened(): void {
    this.readyState = this.OPEN;
    this.onopen?.();
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
}

let sockets: FakeWebSocket[];
let links: ConnectionState[];
let pushes: Push[];
let resyncs: number;
let tickets: number;
let refusing: boolean;
let socket: Socket;

beforeEach(() => {
  vi.useFakeTimers();
  [sockets, links, pushes, resyncs, tickets, refusing] = [[], [], [], 0, 0, false];
  socket = createSocket({
    url: 'ws://x',
    ticket: () => {
      tickets += 1;
      return refusing ? Promise.reject(new Error('no')) : Promise.resolve(`t ${tickets}`);
    },
    onPush: (push) => pushes.push(push),
    onResync: () => (resyncs += 1),
    onConnectionChange: (link) => links.push(link),
    subscriptions: () => [{ action: 'watch_room', room_id: 'r' }],
    random: () => 1,
    createWebSocket: (address) => {
      const fake = new FakeWebSocket(address);
      sockets.push(fake);
      return fake as unknown as WebSocket;
    },
  });
});
afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

async function opened(): Promise<FakeWebSocket> {
  socket.start();
  await pass(0);
  sockets.at(-1)?.opened();
  const open = sockets.at(-1);
  if (!open) throw new Error('nothing was opened');
  return open;
}

describe('the socket', () => {
  it('opens with a ticket, says hello and reads the API', async () => {
    const open = await opened();
    expect(open.address).toBe('ws://x?ticket=t%201');
    expect(open.sent).toEqual([{ action: 'watch_room', room_id: 'r' }]);
    expect([links, resyncs]).toEqual([['connecting', 'open'], 1]);
  });

  it('passes pushes on, and nothing that is none', async () => {
    const open = await opened();
    for (const data of ['{"type":"changed","session_id":"s"}', 'not json', 'null', '{}']) {
      open.onmessage?.({ data });
    }
    expect(pushes).toEqual([{ type: 'changed', session_id: 's' }]);
  });

  it('polls while it is down, and reads the API when it is back with a fresh ticket', async () => {
    (await opened()).close();
    expect(links.at(-1)).toBe('polling');
    refusing = true;
    resyncs = 0;
    await pass(15_000);
    expect(resyncs).toBe(3);
    refusing = false;
    while (sockets.at(-1)?.readyState !== 0) await pass(500);
    sockets.at(-1)?.opened();
    expect(links.at(-1)).toBe('open');
    const after = resyncs;
    await pass(30_000);
    expect(resyncs).toBe(after);
    expect(sockets.at(-1)?.address).toContain(`t%20${tickets}`);
  });

  it('waits ever longer between tries', async () => {
    refusing = true;
    socket.start();
    const connectionStates: number[] = [];
    for (const ms of [0, 1_000, 2_000, 4_000, 8_000]) {
      await pass(ms);
      connectionStates.push(tickets);
    }
    expect(connectionStates).toEqual([1, 2, 3, 4, 5]);
  });

  it('keeps the connection open by pings', async () => {
    const open = await opened();
    await pass(8 * 60_000);
    expect(open.sent.filter((message) => JSON.stringify(message).includes('ping'))).toHaveLength(2);
  });

  it('says and hears nothing after it was stopped', async () => {
    const open = await opened();
    socket.stop();
    resyncs = 0;
    await pass(600_000);
    expect([resyncs, sockets.length, open.readyState]).toEqual([0, 1, 3]);
  });

  it('gives up a socket that never opens, and polls', async () => {
    socket.start();
    await pass(0);
    const [swallowed] = sockets;
    await pass(6_000);
    expect([links.at(-1), swallowed?.readyState]).toEqual(['polling', 0]);
    resyncs = 0;
    await pass(60_000);
    expect([resyncs, swallowed?.readyState]).toEqual([12, 3]);
    expect(sockets.length).toBeGreaterThan(1);
    swallowed?.opened();
    expect(links.at(-1)).toBe('polling');
  });

  it('polls while a socket opens slowly, and stops when it has', async () => {
    socket.start();
    await pass(20_000);
    expect(links.at(-1)).toBe('polling');
    sockets[0]?.opened();
    resyncs = 0;
    await pass(30_000);
    expect([links.at(-1), sockets.length, resyncs]).toEqual(['open', 1, 0]);
  });

  it('does not storm where every socket is cut as soon as it opens', async () => {
    socket.start();
    let cut = 0;
    for (let second = 0; second < 120; second += 1) {
      await pass(1_000);
      if (sockets.length > cut) {
        sockets.at(-1)?.opened();
        sockets.at(-1)?.close();
        cut = sockets.length;
      }
    }
    expect(cut).toBeGreaterThan(3);
    expect(cut).toBeLessThan(12);
    expect(links.at(-1)).toBe('polling');
  });

  it('is open again soon after the two hours that it lasts at most', async () => {
    for (let life = 1; life <= 3; life += 1) {
      const open = await opened();
      expect(sockets).toHaveLength(life);
      await pass(2 * 60 * 60_000);
      open.close();
      await pass(1_000);
    }
  });

  it('is a new one when the network is back: the old one may be dead', async () => {
    const old = await opened();
    resyncs = 0;
    window.dispatchEvent(new Event('online'));
    await pass(0);
    expect([resyncs, old.readyState, sockets.length]).toEqual([1, 3, 2]);
    sockets.at(-1)?.opened();
    expect(links.at(-1)).toBe('open');
  });
});
