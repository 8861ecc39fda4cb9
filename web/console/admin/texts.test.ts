import { expect, it } from 'vitest';
import { keysOf } from '../../shared/i18nKeys';
import { ADMIN_TEXTS } from './texts';

it('speaks both languages whole', () => {
  expect(keysOf(ADMIN_TEXTS.en)).toEqual(keysOf(ADMIN_TEXTS['zh-CN']));
});
