import type { Plugin } from 'vite';

/**
 * The hosts of a stage, which are known when the pages are published: `python -m infra publish`
 * writes them in place of these, which no name server knows.
 */
const API = 'https://api.invigil.invalid';
const SOCKET = 'wss://socket.invigil.invalid';
/** The media bucket; in the console the evidence bucket too. */
const MEDIA = 'https://media.invigil.invalid';

const POLICY = Object.entries({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  // Places of boxes and bars on a picture are styles of their elements.
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:', MEDIA],
  'media-src': ["'self'", 'blob:', MEDIA],
  'connect-src': ["'self'", API, SOCKET, MEDIA],
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
