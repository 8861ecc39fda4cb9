import { expect, it } from 'vitest';
import { keysOf } from '../shared/i18nKeys';
import { TEXTS } from './texts';

it('says the same in both languages', () => {
  expect(keysOf(TEXTS.en).sort()).toEqual(keysOf(TEXTS['zh-CN']).sort());
});
