import { expect, it } from 'vitest';
import { catalogueKeys } from '../../shared/i18nKeys';
import { ENTRANCE_TEXTS } from '../check-in/texts';
import { CHECK_TEXTS } from '../device-checks/texts';
import { MESSAGE_TEXTS } from '../messages/texts';
import { RECORDING_TEXTS } from '../recording/texts';
import { SEAL_TEXTS } from '../safe-exam-browser/texts';
import { TEXTS } from '.';

it.each([TEXTS, CHECK_TEXTS, ENTRANCE_TEXTS, MESSAGE_TEXTS, RECORDING_TEXTS, SEAL_TEXTS])(
  'says the same in both languages',
  (texts) => {
    expect(catalogueKeys(texts.en).sort()).toEqual(catalogueKeys(texts['zh-CN']).sort());
  },
);
