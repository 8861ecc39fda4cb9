import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Call, CallAnswer, Ice, Signal, SignalStep } from '../api/types';
import { createDeviceCalls, type DeviceCallsOptions } from './deviceCalls';
import { FakeConnection } from './fakes';
import type { Signaling } from './signaling';
import { createStaffCall } from './staffCall';

const ICE: Ice = { servers: [], relay_only: true, expires_at: 0, now: 0 };
const CALL: Call = {
  call_id: 'c1',
  kind: 'first',
  device: 'exam',
  staff: 'lin',
  staff_name: '林',
  reason: null,
  asked_at: 1,
  accepted_at: 1,
  ended_at: null,
  end: null,
};
const toSignal = (step: SignalStep): Signal => ({
  session_id: 's1',
  call_id: 'c1',
  peer: step.peer,
  number: step.number,
  type: step.type ?? null,
  sdp: step.sdp ?? null,
  candidates: step.candidates ?? [],
});

class Side {
  readonly sent: SignalStep[] = [];
  readonly answers: CallAnswer[] = [];
  readonly connections: FakeConnection[] = [];
  readonly configured: RTCConfiguration[] = [];
  readonly line: Signaling = {
    ice: () => Promise.resolve(ICE),
    signal: (_, step) => this.sent.push(step),
    answer: (_, answer) => Promise.resolve(void this.answers.push(answer)),
  };
  readonly make = (config: RTCConfiguration) => {
    const connection = new FakeConnection();
    this.connections.push(connection);
    this.configured.push(config);
    return connection as unknown as RTCPeerConnection;
  };
  get last(): FakeConnection {
    const connection = this.connections.at(-1);
    if (!connection) throw new Error('nothing was connected');
    return connection;
  }
}

function device(side: Side, tracks: DeviceCallsOptions['tracks'] = () => Promise.resolve([])) {
  return createDeviceCalls({
    signaling: side.line,
    tracks,
    onStream: () => undefined,
    onState: () => undefined,
    createConnection: side.make,
  });
}

const moment = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'MediaStream',
    class {
      addTrack(): void {
        // Held by nobody here.
      }
      getTracks(): [] {
        return [];
      }
    },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the device', () => {
  it('offers once, takes the answer, and closes with the call', async () => {
    const side = new Side();
    const calls = device(side);
    calls.setCalls([CALL]);
    calls.setCalls([CALL]);
    await moment();
    expect(side.sent.map((step) => step.type)).toEqual(['offer']);
    expect(side.configured[0]?.iceTransportPolicy).toBe('relay');
    const { peer = '' } = side.sent[0] ?? {};
    const answer = toSignal({ peer, number: 0, type: 'answer', sdp: 'x', candidates: [] });
    calls.handleSignal(answer);
    calls.handleSignal(answer);
    await moment();
    expect(side.last.remoteDescription).toEqual({ type: 'answer', sdp: 'x' });
    calls.setCalls([]);
    expect(side.last.closed).toBe(true);
  });

  it('does not begin before a talk is taken', async () => {
    const side = new Side();
    device(side).setCalls([{ ...CALL, kind: 'talk', accepted_at: null }]);
    await moment();
    expect(side.connections).toEqual([]);
  });

  it('begins anew where nothing connects, then says that it is lost', async () => {
    const side = new Side();
    device(side).setCalls([CALL]);
    await vi.advanceTimersByTimeAsync(95_000);
    expect(side.connections).toHaveLength(3);
    expect(new Set(side.sent.map((step) => step.peer)).size).toBe(3);
    expect(side.answers).toEqual(['lost']);
  });

  it('mends a connection that broke, and waits for one that stutters', async () => {
    const side = new Side();
    device(side).setCalls([CALL]);
    await moment();
    side.last.changeState('connected');
    side.last.changeState('disconnected');
    await vi.advanceTimersByTimeAsync(1_000);
    side.last.changeState('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(side.connections).toHaveLength(1);
    side.last.changeState('failed');
    await moment();
    expect(side.connections).toHaveLength(2);
    expect(side.answers).toEqual([]);
  });

  it('begins anew when it is asked to, once for each asking', async () => {
    const side = new Side();
    const calls = device(side);
    calls.setCalls([CALL]);
    await moment();
    const again = toSignal({ peer: 'a', number: 0, type: 'again', sdp: null, candidates: [] });
    calls.handleSignal(again);
    calls.handleSignal(again);
    await moment();
    expect(side.connections).toHaveLength(2);
  });

  it('says so where it has no camera', async () => {
    const side = new Side();
    device(side, () => Promise.resolve(null)).setCalls([CALL]);
    await moment();
    expect(side.answers).toEqual(['no_device']);
  });
});

describe('the staff’s page', () => {
  function staff(side: Side, onLost = () => undefined) {
    return createStaffCall({
      callId: 'c1',
      signaling: side.line,
      tracks: [],
      onStream: () => undefined,
      onState: () => undefined,
      onLost,
      createConnection: side.make,
    });
  }
  const offer = (peer: string) =>
    toSignal({ peer, number: 0, type: 'offer', sdp: 'o', candidates: [] });

  it('answers an offer, and another attempt in its place', async () => {
    const side = new Side();
    const call = staff(side);
    call.handleSignal(offer('p1'));
    await moment();
    expect(side.sent.map(({ peer, type }) => [peer, type])).toEqual([['p1', 'answer']]);
    call.handleSignal(offer('p2'));
    await moment();
    expect(side.connections.map((connection) => connection.closed)).toEqual([true, false]);
    expect(side.sent.at(-1)?.peer).toBe('p2');
  });

  it('keeps addresses that come before their offer', async () => {
    const side = new Side();
    const call = staff(side);
    const candidates = [{ candidate: 'c', sdp_mid: '0', sdp_m_line_index: 0 }];
    call.handleSignal(toSignal({ peer: 'p1', number: 1, type: null, sdp: null, candidates }));
    call.handleSignal(offer('p1'));
    await moment();
    expect(side.last.candidates).toHaveLength(1);
  });

  it('asks again where nothing comes, and gives up in the end', async () => {
    const side = new Side();
    const lost = vi.fn();
    staff(side, lost);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(side.sent.map((step) => step.type)).toEqual(['again', 'again']);
    expect(lost).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(35_000);
    expect(lost).toHaveBeenCalledOnce();
  });

  it('asks for nothing more once it is connected', async () => {
    const side = new Side();
    staff(side).handleSignal(offer('p1'));
    await moment();
    side.last.changeState('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(side.sent.map((step) => step.type)).toEqual(['answer']);
  });
});
