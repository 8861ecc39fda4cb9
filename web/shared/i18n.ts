import { watch } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';
import { ApiError, NetworkError } from './api/errors';
import type { Text } from './api/types';

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
      error: {
        network: '网络连接不畅，请检查网络后重试。',
        unknown: '系统暂时出现问题，请稍后重试。',
      },
    },
  },
  en: {
    common: {
      language: 'Language',
      error: {
        network: 'You are offline. Check your network and try again.',
        unknown: 'Something went wrong. Please try again later.',
      },
    },
  },
};

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
  watch(
    locale,
    (chosen) => {
      document.documentElement.lang = chosen;
      document.title = t('page.title');
      saveLocale(chosen);
    },
    { immediate: true },
  );
  return { i18n, apiLanguage: () => apiLanguage(locale.value) };
}

function apiLanguage(locale: string): 'zh' | 'en' {
  return locale === 'en' ? 'en' : 'zh';
}

function loadLocale(): Locale {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'zh-CN';
  } catch {
    return 'zh-CN';
  }
}

function saveLocale(locale: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, locale);
  } catch {
    // A browser that stores nothing forgets the choice; nothing else depends on it.
  }
}

/** In a component: `t` for the page's texts, `localize` for the API's, `errorMessage` for what failed. */
export function useTexts() {
  const { t, locale } = useI18n({ useScope: 'global' });
  const localize = (text: Text) => text[apiLanguage(locale.value)];
  function errorMessage(error: unknown): string {
    if (error instanceof ApiError && error.sentence) return error.sentence;
    return t(error instanceof NetworkError ? 'common.error.network' : 'common.error.unknown');
  }
  return { t, locale, localize, errorMessage };
}
