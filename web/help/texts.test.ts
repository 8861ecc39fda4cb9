import { expect, it } from 'vitest';
import { catalogueKeys } from '../shared/i18nKeys';
import { TEXTS } from './texts';

it('says the same in both languages', () => {
  expect(catalogueKeys(TEXTS.en).sort()).toEqual(catalogueKeys(TEXTS['zh-CN']).sort());
});
