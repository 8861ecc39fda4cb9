import type { Plugin } from 'vite';

/** The API, the pictures and the socket have hosts of their own, which only `config.json` knows. */
const LOCAL = ['http://127.0.0.1:*', 'http://localhost:*'];
const LOCAL_SOCKETS = ['ws://127.0.0.1:*', 'ws://localhost:*'];

const POLICY = Object.entries({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  // Places of boxes and bars on a picture are styles of their elements.
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:', 'https:', ...LOCAL],
  'media-src': ["'self'", 'blob:', 'https:', ...LOCAL],
  'connect-src': ["'self'", 'https:', 'wss:', ...LOCAL, ...LOCAL_SOCKETS],
  'worker-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
});

/**
 * Write into each built page what it may load: no script but the page's own, whatever a name or a
 * message may hold. A bucket cannot send headers, so the page says it itself.
 */
export function cspPlugin(): Plugin {
  const content = POLICY.map(([name, from]) => [name, ...from].join(' ')).join('; ');
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content },
        injectTo: 'head-prepend',
      },
    ],
  };
}
