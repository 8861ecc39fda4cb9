import { createApp } from 'vue';
import { createLanguages } from '../shared/i18n';
import { mountPage } from '../shared/mountPage';
import { DEVICE_TEXTS } from '../shared/media/texts';
import '../shared/style/base.css';
import '../shared/style/components.css';
import App from './App.vue';
import { TEXTS } from './texts';

const { i18n, apiLanguage } = createLanguages({
  'zh-CN': { ...TEXTS['zh-CN'], ...DEVICE_TEXTS['zh-CN'] },
  en: { ...TEXTS.en, ...DEVICE_TEXTS.en },
});
mountPage(createApp(App, { language: apiLanguage }).use(i18n));
