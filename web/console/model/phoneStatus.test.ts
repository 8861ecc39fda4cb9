import { describe, expect, it } from 'vitest';
import { makePicture, makeSeat, T0 } from '../tests/factories';
import type { Seat } from '../../shared/api/types';
import { phoneStatus, phoneProblem } from './phoneStatus';

const PHONE = {
  heard_at: T0,
  lost_at: T0 + 60_000,
  battery: 0.5,
  charging: false,
  battery_low: false,
  orientation: null,
  visible: true,
};
const seat = (phone: Partial<typeof PHONE>, changes: Parameters<typeof makeSeat>[1] = {}): Seat =>
  makeSeat('1', { ...changes, devices: { phone: { ...PHONE, ...phone } } });

describe('a phone', () => {
  it('is lost when neither a word nor a picture has come', () => {
    expect(phoneStatus(makeSeat('1'), T0)).toBe('none');
    expect(phoneStatus(seat({}), T0 + 59_999)).toBe('live');
    expect(phoneStatus(seat({}), T0 + 60_000)).toBe('lost');
    const pictured = { watch: { latest: [makePicture(T0 + 30_000, 'second')] } };
    expect(phoneStatus(seat({}, pictured), T0 + 60_000)).toBe('live');
  });

  it('is told of on the wall where something is wrong', () => {
    expect(phoneProblem(seat({}), T0)).toBeNull();
    expect(phoneProblem(seat({ visible: false }), T0)).toBe('hidden');
    expect(phoneProblem(seat({ battery_low: true }), T0)).toBe('low');
    const finished = { session: { state: 'submitted' as const } };
    expect(phoneProblem(seat({}, finished), T0 + 99_000)).toBeNull();
  });
});
