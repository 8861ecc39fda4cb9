import { describe, expect, it } from 'vitest';
import { FakeMedia } from '../tests/fakeMedia';
import { T0 } from '../tests/factories';
import { createTrackPlayer, type Pace, type PlayedSegment } from './trackPlayer';

const segment = (index: number): PlayedSegment => ({
  id: `segment-${index}`,
  url: `blob:${index}`,
  beganAt: T0 + index * 10_000,
  duration: 9_900,
});
const [first, second, third] = [segment(0), segment(1), segment(2)];

function setUp() {
  const players: [FakeMedia, FakeMedia] = [new FakeMedia(), new FakeMedia()];
  const blocked: boolean[] = [];
  const player = createTrackPlayer(players, (state) => blocked.push(state));
  const pace: Pace = { moment: T0, running: true, speed: 1, audible: true };
  const show = (
    current: PlayedSegment | null,
    next: PlayedSegment | null,
    moment: number,
    changes: Partial<Pace> = {},
  ) => player.show(current, next, { ...pace, moment, ...changes });
  /** The element in front. */
  const front = () => {
    const index = player.front();
    if (index === null) throw new Error('none is in front');
    return players[index];
  };
  return { player, players, blocked, show, front };
}

describe('two elements in turn', () => {
  it('play a segment at its place, and have the next one ready', () => {
    const { players, show, front, player } = setUp();
    expect(show(first, second, T0 + 3_000)).toBe(false);
    players[0].arrive();
    expect(show(first, second, T0 + 3_000)).toBe(true);
    expect(player.shown()).toBe(first.id);
    expect(front().currentTime).toBeCloseTo(3.05);
    expect(front().paused).toBe(false);
    expect(players.map((media) => media.src)).toEqual(['blob:0', 'blob:1']);
    expect(players[1].paused).toBe(true);
  });

  it('change places at the joint, without loading again', () => {
    const { players, show, front } = setUp();
    show(first, second, T0);
    players.forEach((media) => media.arrive());
    show(first, second, T0);
    players[1].arrive();
    const loads = players[1].loads;
    expect(show(second, third, T0 + 10_050)).toBe(true);
    expect(front()).toBe(players[1]);
    expect(players[1].loads).toBe(loads);
    expect(players[0].src).toBe('blob:2');
    expect(players[0].paused).toBe(true);
  });

  it('keep the picture in front until another has come', () => {
    const { players, show, player } = setUp();
    show(first, null, T0);
    players[0].arrive();
    show(first, null, T0);
    expect(show(third, null, T0 + 20_000)).toBe(false);
    expect(player.shown()).toBe(first.id);
    expect(players[0].paused).toBe(true);
    players[1].arrive();
    expect(show(third, null, T0 + 20_000)).toBe(true);
    expect(player.shown()).toBe(third.id);
    expect(players[0].src).toBe('');
  });

  it('show nothing where there is nothing, and have ready what comes', () => {
    const { players, show, player } = setUp();
    show(first, null, T0);
    players[0].arrive();
    show(first, null, T0);
    expect(show(null, third, T0 + 15_000)).toBe(true);
    expect(player.shown()).toBeNull();
    expect(players.map((media) => media.src).filter(Boolean)).toEqual(['blob:2']);
  });

  it('let go of their files', () => {
    const { players, show, player } = setUp();
    show(first, second, T0);
    player.release();
    expect(players.map((media) => media.src)).toEqual(['', '']);
  });
});

describe('in step with the moment', () => {
  function playing(speed = 1) {
    const set = setUp();
    set.show(first, null, T0, { speed });
    set.players[0].arrive();
    set.show(first, null, T0, { speed });
    return set;
  }

  it('a little late runs a little faster, until it is in step', () => {
    const { players, show } = playing();
    const [media] = players;
    media.currentTime = 0.9;
    show(first, null, T0 + 1_000);
    expect(media.currentTime).toBe(0.9);
    expect(media.playbackRate).toBeGreaterThan(1);
    let moment = 1_000;
    for (let frame = 0; frame < 150; frame++) {
      media.run(0.016);
      show(first, null, T0 + (moment += 16));
    }
    expect(Math.abs(media.currentTime - moment / 1_000)).toBeLessThan(0.03);
    expect(media.playbackRate).toBe(1);
  });

  it('more than 150 ms apart jumps', () => {
    const { players, show } = playing();
    show(first, null, T0 + 5_000);
    expect(players[0].currentTime).toBeCloseTo(5.05);
  });

  it('leaves a jump time to arrive', () => {
    const { players, show } = playing();
    players[0].seeking = true;
    show(first, null, T0 + 5_000);
    expect(players[0].currentTime).toBe(0);
  });

  it('at sixteen times allows what one frame of the page takes', () => {
    const { players, show } = playing(16);
    players[0].currentTime = 0.2;
    show(first, null, T0 + 1_000, { speed: 16 });
    expect(players[0].currentTime).toBe(0.2);
    // No browser plays faster.
    expect(players[0].playbackRate).toBe(16);
  });

  it('stands at the last frame where the file is over', () => {
    const { players, show } = playing();
    show(first, null, T0 + 9_990);
    expect(players[0].currentTime).toBeLessThan(9.9);
    players[0].ended = true;
    players[0].paused = true;
    show(first, null, T0 + 9_999);
    expect(players[0].paused).toBe(true);
  });

  it('stands still with the replay, at the very moment', () => {
    const { players, show } = playing();
    show(first, null, T0 + 2_050, { running: false });
    expect(players[0].paused).toBe(true);
    expect(players[0].currentTime).toBe(2.05);
  });
});

describe('sound', () => {
  it('comes from the element in front, where it is to be heard', () => {
    const { players, show } = setUp();
    show(first, second, T0);
    players.forEach((media) => media.arrive());
    show(first, second, T0);
    expect(players.map((media) => media.muted)).toEqual([false, true]);
    show(first, second, T0, { audible: false });
    expect(players.map((media) => media.muted)).toEqual([true, true]);
  });

  it('that the browser holds back is told', async () => {
    const { players, show, blocked } = setUp();
    players[0].refusal = new DOMException('no click yet', 'NotAllowedError');
    show(first, null, T0);
    await Promise.resolve();
    await Promise.resolve();
    expect(blocked).toEqual([true]);
  });
});
