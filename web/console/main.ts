import { createApp } from 'vue';
import { loadConfig } from '../shared/config';
import { createLanguages } from '../shared/i18n';
import '../shared/style/base.css';
import './style.css';
import App from './App.vue';
import { ADMIN_TEXTS } from './admin/texts';
import { createDesk } from './createDesk';
import { DESK } from './desk';
import BrokenPage from './frame/BrokenPage.vue';
import { TEXTS } from './i18n';

<<<<<<< HEAD
const { i18n, apiLanguage } = createLanguages({
  'zh-CN': { ...zh, ...ADMIN_TEXTS['zh-CN'] },
  en: { ...en, ...ADMIN_TEXTS.en },
});
=======
const { i18n, apiLanguage } = createLanguages(TEXTS);
>>>>>>> 45362e2 (Console: events reviewed by keyboard, violations to print, evidence, replay, the record as a zip)

loadConfig().then(
  (config) => createApp(App).use(i18n).provide(DESK, createDesk(config, apiLanguage)).mount('#app'),
  () => createApp(BrokenPage).use(i18n).mount('#app'),
);
