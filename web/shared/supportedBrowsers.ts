import floor from '../floor/floor.json' with { type: 'json' };

/** The browsers that every page works in, as a person reads them; `floor.json` names them once. */
export const SUPPORTED_BROWSERS = {
  'zh-CN': `Chrome 或 Edge ${floor.chrome} 以上、Firefox ${floor.firefox} 以上、Safari ${floor.safari} 以上`,
  en: `Chrome or Edge ${floor.chrome}, Firefox ${floor.firefox}, Safari ${floor.safari}, or later`,
} as const;

/** The same for the phone, whose own browser is the best one. */
export const PHONE_BROWSERS = {
  'zh-CN': `手机自带浏览器（苹果手机须 iOS ${floor.safari_ios} 以上）或 Chrome ${floor.chrome} 以上`,
  en: `the phone’s own browser (on an iPhone, iOS ${floor.safari_ios} or later) or Chrome ${floor.chrome} or later`,
} as const;
