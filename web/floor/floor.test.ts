import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Linter } from 'eslint';
import ts from 'typescript';
import tslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { tooNewCss } from './css.js';
import floorPlugin from './eslintPlugin.js';
import { BUILD_TARGETS, missingIn } from './support.js';

const WEB = fileURLToPath(new URL('..', import.meta.url));
const PAGES = ['exam', 'phone', 'console', 'help', 'api-docs', 'shared'];

describe('the oldest supported browsers', () => {
  it('are the build’s targets', () => {
    expect(BUILD_TARGETS).toEqual(['chrome92', 'edge92', 'firefox102', 'safari15.4', 'ios15.4']);
  });

  it.each([
    ['AbortSignal.timeout_static', 'chrome 92'],
    ['AbortSignal.throwIfAborted', 'chrome 92'],
    ['Document.fullscreenElement', 'safari 15.4'],
    ['RTCPeerConnection.connectionState', 'firefox 102'],
    ['RTCIceCandidate.type', 'firefox 102'],
  ])('lack %s (%s)', (name, browser) => {
    expect(missingIn(['api', ...name.split('.')])).toContain(browser);
  });

  it.each(['BroadcastChannel', 'Navigator.locks', 'Crypto.randomUUID', 'HTMLDialogElement'])(
    'have %s',
    (name) => {
      expect(missingIn(['api', ...name.split('.')])).toEqual([]);
    },
  );
});

describe('the linter', { timeout: 60_000 }, () => {
  function lint(code: string): string[] {
    const file = join(mkdtempSync(join(tmpdir(), 'invigil-floor-')), 'code.ts');
    writeFileSync(file, code);
    const program = ts.createProgram([file], { lib: ['lib.es2021.d.ts', 'lib.dom.d.ts'] });
    const messages = new Linter({ cwd: tmpdir() }).verify(
      code,
      {
        files: ['**/*.ts'],
        languageOptions: {
          parser: tslint.parser,
          parserOptions: { programs: [program] },
        },
        plugins: { floor: floorPlugin as unknown as Record<string, never> },
        rules: { 'floor/new-api': ['error', ['Navigator.wakeLock']] },
      },
      file,
    );
    return messages.map(({ message }) => message.split(' is missing')[0] ?? '');
  }

  it('finds static members, instances’ members, events and globals above them', () => {
    const found = lint(`
      AbortSignal.timeout(1);
      declare const signal: AbortSignal, connection: RTCPeerConnection;
      signal.throwIfAborted();
      const { reason } = signal;
      connection.onconnectionstatechange = null;
      new OffscreenCanvas(1, 1);
      navigator.wakeLock;
    `);
    expect(found).toEqual([
      'AbortSignal.timeout_static',
      'AbortSignal.throwIfAborted',
      'AbortSignal.reason',
      'RTCPeerConnection.connectionstatechange_event',
      'OffscreenCanvas.OffscreenCanvas',
    ]);
  });

  it('leaves alone what they have, and names of one’s own', () => {
    expect(
      lint(`
        const own = { timeout: 1, throwIfAborted: () => 1 };
        own.throwIfAborted();
        document.body.append('text');
        new BroadcastChannel('name').postMessage(own.timeout);
      `),
    ).toEqual([]);
  });
});

describe('style sheets', () => {
  it.each([
    ['.a:has(:checked) { color: red }', ':has'],
    ['@media (width < 520px) { .a { color: red } }', '@media (width < 520px)'],
    ['@media not (min-width: 520px) { .a { color: red } }', '@media not (min-width: 520px)'],
    ['.a { scale: -1 1 }', 'scale'],
    ['.a { height: 44dvh }', 'dynamic viewport units'],
    ['.a { color: color-mix(in srgb, red, blue) }', 'color-mix()'],
    ['@container (min-width: 1px) { .a { color: red } }', '@container'],
  ])('%s is above them', (css, name) => {
    expect([...tooNewCss(css).keys()]).toContain(name);
  });

  it('may say it in the older way first', () => {
    expect(tooNewCss('.a { height: 44vh; height: 44dvh }').size).toBe(0);
    expect(tooNewCss('@media (max-width: 519.98px) { .a { color: red } }').size).toBe(0);
  });

  const sources = PAGES.flatMap((page) =>
    readdirSync(join(WEB, page), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(css|vue)$/.test(name))
      .map((name) => join(page, name)),
  );
  it('of the pages use nothing above them', () => {
    const found = sources.flatMap((name) =>
      [...tooNewCss(stylesOf(name)).keys()].map((feature) => `${name}: ${feature}`),
    );
    expect(sources.length).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });
});

/** A file's styles, without what Vue itself replaces. */
function stylesOf(name: string): string {
  const text = readFileSync(join(WEB, name), 'utf8');
  if (name.endsWith('.css')) return text;
  const blocks = [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(([, css]) => css);
  return blocks.join('\n').replace(/:deep\(([^)]*)\)/g, '$1');
}
