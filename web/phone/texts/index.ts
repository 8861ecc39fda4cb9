import { LIVE_TEXTS } from '../calls/texts';
import { DEVICE_TEXTS } from '../../shared/media/texts';
import { SHOT_TEXTS } from '../../shared/camera-test/texts';
import en from './en';
import zh from './zh';

export const TEXTS = {
  'zh-CN': { ...zh, ...DEVICE_TEXTS['zh-CN'], ...LIVE_TEXTS['zh-CN'], ...SHOT_TEXTS['zh-CN'] },
  en: { ...en, ...DEVICE_TEXTS.en, ...LIVE_TEXTS.en, ...SHOT_TEXTS.en },
};
