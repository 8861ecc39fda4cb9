import { DEVICE_TEXTS } from '../../shared/media/texts';
import en from './en';
import zh from './zh';

export const TEXTS = {
  'zh-CN': { ...zh, ...DEVICE_TEXTS['zh-CN'] },
  en: { ...en, ...DEVICE_TEXTS.en },
};
