import { createApp } from 'vue';
import { loadConfig } from '../shared/config';
import { createLanguages } from '../shared/i18n';
import '../shared/style/base.css';
import './style.css';
import App from './App.vue';
import { createConsole } from './createConsole';
import { CONSOLE } from './consoleContext';
import UnavailablePage from './layout/UnavailablePage.vue';
import { TEXTS } from './i18n';

const { i18n, apiLanguage } = createLanguages(TEXTS);

loadConfig().then(
  (config) =>
    createApp(App).use(i18n).provide(CONSOLE, createConsole(config, apiLanguage)).mount('#app'),
  () => createApp(UnavailablePage).use(i18n).mount('#app'),
);
