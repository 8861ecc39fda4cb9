// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { createApp } from 'vue';
import { ApiError, BrowserError, NetworkError } from './api/errors';
import { createLanguages, useTexts } from './i18n';

const texts = { page: { title: '' } };

function errorMessage(error: unknown): string {
  let message = '';
  const { i18n } = createLanguages({ 'zh-CN': texts, en: texts });
  createApp({
    setup() {
      message = useTexts().errorMessage(error);
      return () => null;
    },
  })
    .use(i18n)
    .mount(document.createElement('div'));
  return message;
}

it.each([
  [new NetworkError('offline'), '网络连接不畅'],
  [new NetworkError('login page', 403), '403'],
  [new ApiError(409, 'wrong_state', '当前阶段不能这样做。'), '当前阶段不能这样做。'],
  [new Error('something else'), '系统暂时出现问题'],
])('%s is told as what it is', (error, words) => {
  expect(errorMessage(error)).toContain(words);
});

it.each([
  new BrowserError(new TypeError('AbortSignal.timeout is not a function')),
  new TypeError('e.results.toSorted is not a function'),
  new ReferenceError('BroadcastChannel is not defined'),
])('%s is the browser’s, which can be changed, and not the network’s', (error) => {
  expect(errorMessage(error)).toContain('与网络无关');
  expect(errorMessage(error)).toMatch(/Chrome 或 Edge \d+/);
});
