/** All texts of the console: the common ones, and those that stand with their feature. */
import { DECIDED_TEXTS } from '../admin/decidedTexts';
import { ADMIN_TEXTS } from '../admin/texts';
import { DEVICES_TEXTS } from '../devices/texts';
import { SHOT_TEXTS } from '../evidence/texts';
import { REVIEW_TEXTS } from '../review/texts';
import { REPLAY_TEXTS } from '../replay/texts';
import { SPEAK_TEXTS } from '../speak/texts';
import { WALL_TEXTS } from '../wall/texts';
import { en } from './en';
import { zh } from './zh';

const FEATURES = [
  ADMIN_TEXTS,
  DECIDED_TEXTS,
  DEVICES_TEXTS,
  REPLAY_TEXTS,
  REVIEW_TEXTS,
  SHOT_TEXTS,
  SPEAK_TEXTS,
  WALL_TEXTS,
];

export const TEXTS = {
  'zh-CN': Object.assign({}, zh, ...FEATURES.map((one) => one['zh-CN'])) as typeof zh,
  en: Object.assign({}, en, ...FEATURES.map((one) => one.en)) as typeof en,
};
