import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
/** Static imports, types among them, and dynamic ones. */
const IMPORT = /(?:from|import|import\()\s*'(\.{1,2}\/[^']+)'/g;

const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|vue)$/.test(file) && !file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

/** The folder of the console that a file lies in; empty for a file at its top. */
const folderOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

/** Which folders each folder of the console imports from. */
function imports(): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { file, text } of sources) {
    const from = folderOf(file);
    for (const [, specifier = ''] of text.matchAll(IMPORT)) {
      const target = relative(ROOT, join(ROOT, dirname(file), specifier));
      const to = folderOf(target);
      if (!from || !to || to === from || target.startsWith('..')) continue;
      edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
  }
  return edges;
}

/** A way through the folders that comes back to where it began, or null. */
function findCycle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>();
  function visit(folder: string, path: string[]): string[] | null {
    if (path.includes(folder)) return [...path.slice(path.indexOf(folder)), folder];
    if (done.has(folder)) return null;
    for (const next of edges.get(folder) ?? []) {
      const cycle = visit(next, [...path, folder]);
      if (cycle) return cycle;
    }
    done.add(folder);
    return null;
  }
  for (const folder of edges.keys()) {
    const cycle = visit(folder, []);
    if (cycle) return cycle;
  }
  return null;
}

test('no folders of the console import each other in a circle', () => {
  const edges = imports();
  expect(edges.get('wall'), 'imports are found').toContain('room');
  expect(findCycle(edges)).toBeNull();
});

test('a circle is found where there is one', () => {
  const edges = new Map([
    ['wall', new Set(['ui'])],
    ['ui', new Set(['model', 'wall'])],
  ]);
  expect(findCycle(edges)).toEqual(['wall', 'ui', 'wall']);
});
