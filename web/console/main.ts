import { createApp } from 'vue';
import { loadConfig } from '../shared/config';
import { createLanguages } from '../shared/i18n';
import { mountPage } from '../shared/mountPage';
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
    mountPage(createApp(App).use(i18n).provide(CONSOLE, createConsole(config, apiLanguage))),
  (error: unknown) => mountPage(createApp(UnavailablePage, { error }).use(i18n)),
);
