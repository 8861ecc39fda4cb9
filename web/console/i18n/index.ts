/** All texts of the console, joined from the features that they stand with. */
import type { Catalogue } from '../../shared/i18n';
import { ACCOUNTS_TEXTS } from '../accounts/texts';
import { DECISION_STATS_TEXTS } from '../admin/decisionStatsTexts';
import { RECORD_FIGURES_TEXTS } from '../admin/recordFiguresTexts';
import { ADMIN_TEXTS } from '../admin/texts';
import { PHONE_STATUS_TEXTS } from '../phone-status/texts';
import { EVIDENCE_TEXTS } from '../evidence/texts';
import { LAYOUT_TEXTS } from '../layout/texts';
import { IDENTITY_TEXTS } from '../identity/texts';
import { ROOM_TEXTS } from '../room/texts';
import { LABEL_TEXTS } from '../ui/texts';
import { RECORDING_TEXTS } from '../replay/recordingTexts';
import { REPLAY_TEXTS } from '../replay/texts';
import { REVIEW_TEXTS } from '../review/texts';
import { ROOM_LIST_TEXTS } from '../rooms/texts';
import { ACTION_TEXTS } from '../candidate/actionTexts';
import { ATTEMPT_TEXTS } from '../candidate/attemptTexts';
import { AUDIT_TEXTS } from '../candidate/auditTexts';
import { SEAT_TEXTS } from '../candidate/texts';
import { SIGN_IN_TEXTS } from '../sign-in/texts';
import { MESSAGING_TEXTS } from '../messaging/texts';
import { WALL_TEXTS } from '../wall/texts';

const FEATURES = [
  ACCOUNTS_TEXTS,
  ACTION_TEXTS,
  ADMIN_TEXTS,
  ATTEMPT_TEXTS,
  AUDIT_TEXTS,
  DECISION_STATS_TEXTS,
  PHONE_STATUS_TEXTS,
  LAYOUT_TEXTS,
  IDENTITY_TEXTS,
  ROOM_TEXTS,
  RECORD_FIGURES_TEXTS,
  RECORDING_TEXTS,
  REPLAY_TEXTS,
  REVIEW_TEXTS,
  ROOM_LIST_TEXTS,
  SEAT_TEXTS,
  EVIDENCE_TEXTS,
  SIGN_IN_TEXTS,
  MESSAGING_TEXTS,
  WALL_TEXTS,
  LABEL_TEXTS,
];

export const TEXTS = {
  'zh-CN': Object.assign({}, ...FEATURES.map((feature) => feature['zh-CN'])) as Catalogue,
  en: Object.assign({}, ...FEATURES.map((feature) => feature.en)) as Catalogue,
};
