import { expect, it } from 'vitest';
import { catalogueKeys } from '../../shared/i18nKeys';
import { ADMIN_TEXTS } from './texts';

it('speaks both languages whole', () => {
  expect(catalogueKeys(ADMIN_TEXTS.en)).toEqual(catalogueKeys(ADMIN_TEXTS['zh-CN']));
});
