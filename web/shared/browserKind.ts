/** Browsers that ask for permissions, and are told about, in ways of their own. */
export type BrowserKind = 'wechat' | 'ios' | 'android' | 'firefox' | 'safari' | 'chrome';

interface Named {
  userAgent: string;
  maxTouchPoints?: number;
}

/** An iPad calls itself a Mac; no Mac has a touch screen. */
export const isIos = ({ userAgent, maxTouchPoints = 0 }: Named = navigator) =>
  /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes('Macintosh') && maxTouchPoints > 1);

/**
 * Which browser this is, by its name: for words alone, such as where its settings are. What a
 * browser can do is always tried (shared/requirements.ts).
 */
export function browserKind(named: Named = navigator): BrowserKind {
  const { userAgent } = named;
  if (/MicroMessenger/i.test(userAgent)) return 'wechat';
  if (isIos(named)) return 'ios';
  if (/Android|HarmonyOS/i.test(userAgent)) return 'android';
  if (userAgent.includes('Firefox/')) return 'firefox';
  return /Version\/[\d.]+.*Safari\//.test(userAgent) ? 'safari' : 'chrome';
}
