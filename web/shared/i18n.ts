import { watch } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';
import { ApiError, BrowserError, NetworkError } from './api/errors';
import type { Text } from './api/types';
import { deviceStore } from './storage';
import { SUPPORTED_BROWSERS } from './supportedBrowsers';

export type Locale = 'zh-CN' | 'en';
export const LOCALES: readonly { id: Locale; name: string }[] = [
  { id: 'zh-CN', name: '中文' },
  { id: 'en', name: 'English' },
];

/** Texts of a page: nested keys to sentences. Both languages have the same keys. */
export interface Catalogue {
  [key: string]: string | Catalogue;
}

const STORAGE_KEY = 'invigil.language';

const COMMON: Record<Locale, Catalogue> = {
  'zh-CN': {
    common: {
      language: '语言',
      storage:
        '此浏览器不允许本站保存数据（可能阻止了所有 Cookie）。可以继续使用，但请不要关闭本标签页：尚未上传的内容会丢失，重新打开算作更换设备，考试中须再次拍照核验。请在浏览器设置中允许本站使用 Cookie，然后刷新。',
      error: {
        network: '网络连接不畅，请检查网络后重试。',
        intermediary:
          '网络中途的防火墙、代理或登录页代替服务器作了回答（{status}），请检查网络或更换网络后重试。',
        browser: `此浏览器无法完成这一步，与网络无关。请升级浏览器，或换用 ${SUPPORTED_BROWSERS['zh-CN']}。`,
        unknown: '系统暂时出现问题，请稍后重试。',
      },
    },
  },
  en: {
    common: {
      language: 'Language',
      storage:
        'This browser does not let this site save data; it may block all cookies. You can go on, but do not close this tab: what has not been sent is lost, and opening the page again counts as another device, which in an exam means another photo check. Allow cookies for this site in the browser’s settings, then reload.',
      error: {
        network: 'You are offline. Check your network and try again.',
        intermediary:
          'A firewall, proxy or login page on your network answered instead of the server ({status}). Check or change your network and try again.',
        browser: `This browser cannot do this; your network is not the cause. Update it, or use ${SUPPORTED_BROWSERS.en}.`,
        unknown: 'Something went wrong. Please try again later.',
      },
    },
  },
};

let addCatalogue: (texts: Record<Locale, Catalogue>) => void = () => undefined;

/** Add the texts of a part that is loaded only when it is shown. */
export function addTexts(texts: Record<Locale, Catalogue>): void {
  addCatalogue(texts);
}

/**
 * Create a page's languages: Chinese unless the user chose otherwise, stored on this device.
 * `<html lang>` and the document's title follow; the title is the text `page.title`.
 */
export function createLanguages(texts: Record<Locale, Catalogue>) {
  const i18n = createI18n({
    legacy: false,
    locale: loadLocale(),
    fallbackLocale: 'zh-CN',
    messages: {
      'zh-CN': { ...COMMON['zh-CN'], ...texts['zh-CN'] },
      en: { ...COMMON.en, ...texts.en },
    },
  });
  const { locale, t } = i18n.global;
  addCatalogue = (catalogue) =>
    LOCALES.forEach(({ id }) => i18n.global.mergeLocaleMessage(id, catalogue[id]));
  watch(
    locale,
    (chosen) => {
      document.documentElement.lang = chosen;
      document.title = t('page.title');
      deviceStore.set(STORAGE_KEY, chosen);
    },
    { immediate: true },
  );
  return { i18n, apiLanguage: () => apiLanguage(locale.value) };
}

function apiLanguage(locale: string): 'zh' | 'en' {
  return locale === 'en' ? 'en' : 'zh';
}

function loadLocale(): Locale {
  return deviceStore.get(STORAGE_KEY) === 'en' ? 'en' : 'zh-CN';
}

/** What this browser lacks, or an error of ours, is never told as the network's or the server's. */
const isBrowserError = (error: unknown) =>
  error instanceof BrowserError || error instanceof TypeError || error instanceof ReferenceError;

/** In a component: `t` for the page's texts, `localize` for the API's, `errorMessage` for what failed. */
export function useTexts() {
  const { t, locale } = useI18n({ useScope: 'global' });
  const localize = (text: Text) => text[apiLanguage(locale.value)];
  function errorMessage(error: unknown): string {
    if (error instanceof ApiError && error.sentence) return error.sentence;
    if (isBrowserError(error)) return t('common.error.browser');
    if (!(error instanceof NetworkError)) return t('common.error.unknown');
    const { intermediary: status } = error;
    return status === null ? t('common.error.network') : t('common.error.intermediary', { status });
  }
  return { t, locale, localize, errorMessage };
}
