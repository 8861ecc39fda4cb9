import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { IndexHtmlTransformContext, IndexHtmlTransformResult } from 'vite';
import { describe, expect, it } from 'vitest';
import floor from './floor.json';
import { openingPlugin } from './openingPlugin';

const PAGES = ['exam', 'phone', 'console', 'help', 'api-docs'];

function open(page: string) {
  const file = fileURLToPath(new URL(`../${page}/index.html`, import.meta.url));
  const { transformIndexHtml } = openingPlugin();
  const transform = transformIndexHtml as (
    html: string,
    context: Pick<IndexHtmlTransformContext, 'path'>,
  ) => Exclude<IndexHtmlTransformResult, string | unknown[]>;
  return transform(readFileSync(file, 'utf8'), { path: `/${page}/index.html` }) as {
    html: string;
    tags: { tag: string; attrs?: { name?: string }; children?: string }[];
  };
}

describe.each(PAGES)('%s, before its scripts', (page) => {
  const { html, tags } = open(page);
  const words = /<div id="app">([\s\S]*)<\/div>\s*<script/.exec(html)?.[1] ?? '';

  it('says what it is and which browser opens it, inside of what the page replaces', () => {
    expect(words).toContain('正在打开');
    expect(words).toContain('lang="en"');
    for (const version of [floor.chrome, floor.firefox, floor.safari])
      expect(words).toContain(version);
    expect(words).toContain('极速模式');
    expect(words).toContain('<noscript>');
  });

  it('runs no script for it, and asks two-core browsers for their newer engine', () => {
    expect(words).not.toMatch(/<script|onerror|onload|javascript:/i);
    expect(tags.map(({ attrs }) => attrs?.name)).toContain('renderer');
    expect(tags.find(({ tag }) => tag === 'script')).toBeUndefined();
  });
});
