import { describe, expect, it } from 'vitest';
import { reasonText } from './reasons';

describe('a reason', () => {
  it('of a rule is told in the language of the page', () => {
    expect(reasonText('left_too_often', (text) => text.en)).toMatch(/a proctor decides/);
    expect(reasonText('left_beyond_limit', (text) => text.zh)).toMatch(/超过规定/);
  });

  it('of a person stays as it was written', () => {
    expect(reasonText('请调整摄像头', (text) => text.en)).toBe('请调整摄像头');
  });
});
