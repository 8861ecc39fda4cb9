import { describe, expect, it } from 'vitest';
import { parseRoute } from '../route';
import { adminPath } from './path';

describe('the admin pages’ addresses', () => {
  it('come back as they were written', () => {
    const parts = ['exam/1', 'subjects', 'hr 2', 'rules'];
    expect(parseRoute(adminPath(...parts))).toMatchObject({ page: 'admin', parts });
    expect(parseRoute(adminPath())).toMatchObject({ page: 'admin', parts: [] });
  });

  it('leave others alone', () => {
    expect(parseRoute('#/rooms/1').page).toBe('rooms');
    expect(parseRoute('#/administrator').page).toBe('rooms');
  });
});
