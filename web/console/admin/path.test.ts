import { describe, expect, it } from 'vitest';
import { adminPath, parseAdmin } from './path';

describe('the admin pages’ addresses', () => {
  it('come back as they were written', () => {
    const parts = ['exam/1', 'subjects', 'hr 2', 'rules'];
    expect(parseAdmin(adminPath(...parts))).toEqual(parts);
    expect(parseAdmin(adminPath())).toEqual([]);
  });

  it('leave others alone', () => {
    expect(parseAdmin('#/rooms/1')).toBeNull();
    expect(parseAdmin('')).toBeNull();
    expect(parseAdmin('#/administrator')).toBeNull();
  });
});
