import { describe, expect, it } from 'vitest';
import { aPicture, aSeat, T0 } from '../tests/factories';
import type { Seat } from '../types';
import { phoneStanding, phoneTrouble } from './phone';

const PHONE = {
  heard_at: T0,
  lost_at: T0 + 60_000,
  battery: 0.5,
  charging: false,
  battery_low: false,
  orientation: null,
  visible: true,
};
const seat = (phone: Partial<typeof PHONE>, changes: Parameters<typeof aSeat>[1] = {}): Seat =>
  aSeat('1', { ...changes, devices: { phone: { ...PHONE, ...phone } } });

describe('a phone', () => {
  it('is lost when neither a word nor a picture has come', () => {
    expect(phoneStanding(aSeat('1'), T0)).toBe('none');
    expect(phoneStanding(seat({}), T0 + 59_999)).toBe('live');
    expect(phoneStanding(seat({}), T0 + 60_000)).toBe('lost');
    const pictured = { watch: { latest: [aPicture(T0 + 30_000, 'second')] } };
    expect(phoneStanding(seat({}, pictured), T0 + 60_000)).toBe('live');
  });

  it('is told of on the wall where something is wrong', () => {
    expect(phoneTrouble(seat({}), T0)).toBeNull();
    expect(phoneTrouble(seat({ visible: false }), T0)).toBe('hidden');
    expect(phoneTrouble(seat({ battery_low: true }), T0)).toBe('low');
    const over = { session: { state: 'submitted' as const } };
    expect(phoneTrouble(seat({}, over), T0 + 99_000)).toBeNull();
  });
});
