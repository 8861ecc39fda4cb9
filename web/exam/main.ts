import { createApp } from 'vue';
import { createLanguages } from '../shared/i18n';
import { mountPage } from '../shared/mountPage';
import '../shared/style/base.css';
import '../shared/style/components.css';
import App from './App.vue';
import { TEXTS } from './texts';

const { i18n, apiLanguage } = createLanguages(TEXTS);
mountPage(createApp(App, { language: apiLanguage }).use(i18n));
