import { expect, it } from 'vitest';
import { catalogueKeys } from '../shared/i18nKeys';
import { TEXTS } from './texts';

it('has the same texts in both languages', () => {
  expect(catalogueKeys(TEXTS.en).sort()).toEqual(catalogueKeys(TEXTS['zh-CN']).sort());
});
