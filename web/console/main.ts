import { createApp } from 'vue';
import { loadConfig } from '../shared/config';
import { createLanguages } from '../shared/i18n';
import '../shared/style/base.css';
import './style.css';
import App from './App.vue';
import { createDesk } from './createDesk';
import { DESK } from './desk';
import BrokenPage from './frame/BrokenPage.vue';
import { TEXTS } from './i18n';

const { i18n, apiLanguage } = createLanguages(TEXTS);

loadConfig().then(
  (config) => createApp(App).use(i18n).provide(DESK, createDesk(config, apiLanguage)).mount('#app'),
  () => createApp(BrokenPage).use(i18n).mount('#app'),
);
