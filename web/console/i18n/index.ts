/** All texts of the console, joined from the features that they stand with. */
import type { Catalogue } from '../../shared/i18n';
import { DECIDED_TEXTS } from '../admin/decisionStatsTexts';
import { ADMIN_TEXTS } from '../admin/texts';
import { DEVICES_TEXTS } from '../phone-status/texts';
import { SHOT_TEXTS } from '../evidence/texts';
import { FRAME_TEXTS } from '../layout/texts';
import { IDENTITY_TEXTS } from '../identity/texts';
import { LIVE_TEXTS } from '../room/texts';
import { WORDS_TEXTS } from '../ui/texts';
import { REPLAY_TEXTS } from '../replay/texts';
import { REVIEW_TEXTS } from '../review/texts';
import { ROOMS_TEXTS } from '../rooms/texts';
import { ACT_TEXTS } from '../candidate/actionTexts';
import { AUDIT_TEXTS } from '../candidate/auditTexts';
import { SEAT_TEXTS } from '../candidate/texts';
import { SIGN_IN_TEXTS } from '../sign-in/texts';
import { SPEAK_TEXTS } from '../messaging/texts';
import { WALL_TEXTS } from '../wall/texts';

const FEATURES = [
  ACT_TEXTS,
  ADMIN_TEXTS,
  AUDIT_TEXTS,
  DECIDED_TEXTS,
  DEVICES_TEXTS,
  FRAME_TEXTS,
  IDENTITY_TEXTS,
  LIVE_TEXTS,
  REPLAY_TEXTS,
  REVIEW_TEXTS,
  ROOMS_TEXTS,
  SEAT_TEXTS,
  SHOT_TEXTS,
  SIGN_IN_TEXTS,
  SPEAK_TEXTS,
  WALL_TEXTS,
  WORDS_TEXTS,
];

export const TEXTS = {
  'zh-CN': Object.assign({}, ...FEATURES.map((feature) => feature['zh-CN'])) as Catalogue,
  en: Object.assign({}, ...FEATURES.map((feature) => feature.en)) as Catalogue,
};
