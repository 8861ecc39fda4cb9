import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { beforeAll, expect, test, vi } from 'vitest';
import { tooNewCss } from '../floor/css.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST_BYTES = 120 * 1024;

interface BuiltFile {
  type: string;
  fileName: string;
  source?: unknown;
}

interface Chunk {
  fileName: string;
  code: string;
  imports: string[];
  dynamicImports: string[];
  facadeModuleId: string | null;
}

let chunks: Map<string, Chunk>;
/** The page's service worker, as it is published. */
let worker: string;
let styleSheets: { fileName: string; source: string }[];

beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const result = await build({
    root: ROOT,
    configFile: `${ROOT}/vite.config.ts`,
    logLevel: 'error',
    build: { write: false, reportCompressedSize: false },
  });
  vi.unstubAllEnvs();
  const [{ output }] = (Array.isArray(result) ? result : [result]) as [{ output: BuiltFile[] }];
  const builtChunks = output.filter((asset) => asset.type === 'chunk') as unknown as Chunk[];
  styleSheets = output
    .filter((asset) => asset.fileName.endsWith('.css'))
    .map(({ fileName, source }) => ({ fileName, source: String(source) }));
  worker = String(output.find((asset) => asset.fileName === 'exam/sw.js')?.source);
  chunks = new Map(builtChunks.map((chunk) => [chunk.fileName, chunk]));
}, 60_000);

/** A chunk with everything that it cannot run without. */
function closure(name: string, visited = new Set<string>()): Set<string> {
  if (!visited.has(name)) {
    visited.add(name);
    chunks.get(name)?.imports.forEach((imported) => closure(imported, visited));
  }
  return visited;
}

const compressed = (names: Iterable<string>) =>
  [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').length, 0);

const fileOf = (module: string) =>
  [...chunks.values()].find((chunk) => chunk.facadeModuleId?.endsWith(module))?.fileName ?? '';

const entry = () => fileOf('exam/index.html');

// Whoever comes first sees the sign-in; whoever comes back in the middle, the paper.
test.each(['screens/SignIn.vue', 'paper/PaperScreen.vue', 'screens/EndScreen.vue'])(
  'the exam page with %s first is at most 120 KB of compressed JavaScript',
  (screen) => {
    expect(chunks.has(fileOf(screen)), 'a chunk of its own').toBe(true);
    const loaded = new Set([...closure(entry()), ...closure(fileOf(screen))]);
    expect(loaded.has(fileOf(screen))).toBe(true);
    expect(closure(entry()).has(fileOf(screen)), 'loaded only when it is shown').toBe(false);
    expect(compressed(loaded)).toBeLessThanOrEqual(MOST_BYTES);
  },
);

test('the service worker keeps every script that the exam page may ever load', () => {
  const reachable = new Set<string>();
  const visit = (name: string): void => {
    if (reachable.has(name)) return;
    reachable.add(name);
    const { imports = [], dynamicImports = [] } = chunks.get(name) ?? {};
    [...imports, ...dynamicImports].forEach(visit);
  };
  visit(entry());
  expect(reachable.size).toBeGreaterThan(closure(entry()).size);
  expect([...reachable].filter((name) => !worker.includes(name))).toEqual([]);
  expect(worker).toContain('assets/tap.worklet-');
  expect(worker).not.toContain(fileOf('console/index.html'));
  expect(worker, 'a plain script').not.toMatch(/^\s*(import|export)\b/m);
});

test('no style sheet that is built, libraries’ included, needs more than the oldest browsers have', () => {
  expect(styleSheets.length).toBeGreaterThan(5);
  const found = styleSheets.flatMap(({ fileName, source }) =>
    [...tooNewCss(source).keys()].map((name) => `${fileName}: ${name}`),
  );
  expect(found).toEqual([]);
});
