import type { Plugin } from 'vite';
import { SUPPORTED_BROWSERS } from '../shared/supportedBrowsers.ts';

/** What each page is, said before its scripts run. */
const NAMES: Record<string, readonly [zh: string, en: string]> = {
  exam: ['考试页面', 'the exam page'],
  phone: ['第二视角（手机）页面', 'the second view’s page'],
  console: ['监考控制台', 'the proctors’ console'],
  help: ['考试帮助页面', 'the help page'],
  'api-docs': ['API 说明', 'the API description'],
};

/**
 * Two-core browsers (360, Sogou, QQ) open a page in an old engine unless it asks for the newer one.
 */
const RENDERER = ['renderer', 'force-rendering'];

/** Shown at once where there are no animations; else only to those who have waited a while. */
const STYLE = `
  .opening { max-width: 34em; margin: 18vh auto 0; padding: 0 20px; color: #1b2733;
    font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
  .opening h1 { font-size: 20px; }
  .opening p { margin: 12px 0; }
  .opening [lang="en"] { color: #4a5a68; }
  .opening-help { animation: opening 1ms 4s both; }
  .opening-stuck .opening-help { animation: none; }
  @keyframes opening { from { visibility: hidden; } to { visibility: visible; } }
`;

function words(page: string): string {
  const [zh, en] = NAMES[page] ?? ['', ''];
  return `<main class="opening">
      <h1>监考 · ${zh}</h1>
      <noscript>
        <p>此浏览器关闭了 JavaScript，无法打开本页。请在浏览器设置中允许 JavaScript，然后刷新。</p>
        <p lang="en">JavaScript is switched off, so this page cannot open. Allow it in the browser’s settings, then reload.</p>
      </noscript>
      <p>正在打开${zh}… <span lang="en">Opening ${en}…</span></p>
      <div class="opening-help">
        <p>若一直停在这里，是此浏览器打不开本页：请换用 ${SUPPORTED_BROWSERS['zh-CN']}。使用 360、搜狗、QQ 等浏览器时，请点地址栏右侧的图标，切换到“极速模式”后刷新；在微信中打开时，请点右上角“···”，选择“在浏览器打开”。</p>
        <p lang="en">If it stays like this, this browser cannot open the page: use ${SUPPORTED_BROWSERS.en}.</p>
      </div>
    </main>`;
}

/** Put words into each page's own HTML, in place of `<!--opening-->`; the mounted page replaces them. */
export function openingPlugin(): Plugin {
  return {
    name: 'opening-words',
    transformIndexHtml(html, { path }) {
      const page = path.split('/').at(-2) ?? '';
      return {
        html: html.replace('<!--opening-->', words(page)),
        tags: [
          ...RENDERER.map((name) => ({
            tag: 'meta',
            attrs: { name, content: 'webkit' },
            injectTo: 'head-prepend' as const,
          })),
          { tag: 'style', children: STYLE, injectTo: 'head' as const },
        ],
      };
    },
  };
}
