import { ASK_TEXTS } from '../proctor-request/texts';
import { DEVICE_TEXTS } from '../../shared/media/texts';
import { IDENTITY_TEXTS } from '../identity/texts';
import { SECOND_VIEW_TEXTS } from '../second-view/texts';
import { SHOT_TEXTS } from '../../shared/camera-test/texts';
import { PAPER_TEXTS } from '../paper/texts';
import { LOCK_TEXTS } from '../page-lock/texts';
import en from './en';
import zh from './zh';

const FEATURES = [
  ASK_TEXTS,
  DEVICE_TEXTS,
  IDENTITY_TEXTS,
  LOCK_TEXTS,
  PAPER_TEXTS,
  SECOND_VIEW_TEXTS,
  SHOT_TEXTS,
];

/** The page's common texts, and those that stand with their feature. */
export const TEXTS = {
  'zh-CN': Object.assign({}, zh, ...FEATURES.map((feature) => feature['zh-CN'])) as typeof zh,
  en: Object.assign({}, en, ...FEATURES.map((feature) => feature.en)) as typeof en,
};
