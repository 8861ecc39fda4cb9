import { ASK_TEXTS } from '../ask/texts';
import { CHECK_TEXTS } from '../checks/texts';
import { MESSAGE_TEXTS } from '../messages/texts';
import { DEVICE_TEXTS } from '../../shared/media/texts';
import { IDENTITY_TEXTS } from '../identity/texts';
import { SECOND_VIEW_TEXTS } from '../secondview/texts';
import { SHOT_TEXTS } from '../../shared/testshot/texts';
import { PAPER_TEXTS } from '../paper/texts';
import { LOCK_TEXTS } from '../lock/texts';
import { SEAL_TEXTS } from '../seal/texts';
import en from './en';
import zh from './zh';

export const TEXTS = {
  'zh-CN': {
    ...zh,
    ...ASK_TEXTS['zh-CN'],
    ...CHECK_TEXTS['zh-CN'],
    ...DEVICE_TEXTS['zh-CN'],
    ...MESSAGE_TEXTS['zh-CN'],
    ...SHOT_TEXTS['zh-CN'],
    ...PAPER_TEXTS['zh-CN'],
    ...IDENTITY_TEXTS['zh-CN'],
    ...SECOND_VIEW_TEXTS['zh-CN'],
  },
  en: {
    ...en,
    ...ASK_TEXTS.en,
    ...CHECK_TEXTS.en,
    ...DEVICE_TEXTS.en,
    ...MESSAGE_TEXTS.en,
    ...SHOT_TEXTS.en,
    ...IDENTITY_TEXTS.en,
    ...SECOND_VIEW_TEXTS.en,
    ...PAPER_TEXTS.en,
    ...LOCK_TEXTS['zh-CN'],
    ...SEAL_TEXTS['zh-CN'],
  },
  en: {
    ...en,
    ...CHECK_TEXTS.en,
    ...DEVICE_TEXTS.en,
    ...SHOT_TEXTS.en,
    ...PAPER_TEXTS.en,
    ...LOCK_TEXTS.en,
    ...SEAL_TEXTS.en,
  },
};
