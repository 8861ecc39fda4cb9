import { expect, it } from 'vitest';
import { browserKind } from './browserKind';

const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';

it.each([
  ['Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 Chrome/109.0.0.0 Safari/537.36', 0, 'chrome'],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0', 0, 'chrome'],
  ['Mozilla/5.0 (Windows NT 6.1; rv:115.0) Gecko/20100101 Firefox/115.0', 0, 'firefox'],
  [`${MAC} Version/15.6.1 Safari/605.1.15`, 0, 'safari'],
  [`${MAC} Version/15.6.1 Safari/605.1.15`, 5, 'ios'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) Version/15.6 Mobile Safari', 5, 'ios'],
  ['Mozilla/5.0 (Linux; Android 10) Chrome/99 Mobile Safari', 5, 'android'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile MicroMessenger/8.0.42', 5, 'wechat'],
  ['Mozilla/5.0 (Linux; Android 10) XWEB/1110 MMWEBSDK MicroMessenger/8.0', 5, 'wechat'],
])('%s (%i touch points) is told the way of %s', (userAgent, maxTouchPoints, kind) => {
  expect(browserKind({ userAgent, maxTouchPoints })).toBe(kind);
});
