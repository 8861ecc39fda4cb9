/** Texts: live viewing of the phone's camera. */
export const LIVE_TEXTS = {
  'zh-CN': { live: { watched: '{name}正在实时查看此画面' } },
  en: { live: { watched: '{name} is watching this camera live' } },
};
