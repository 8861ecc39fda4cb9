import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { beforeAll, expect, test, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST_BYTES = 120 * 1024;

interface Built {
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

beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const made = await build({
    root: ROOT,
    configFile: `${ROOT}/vite.config.ts`,
    logLevel: 'error',
    build: { write: false, reportCompressedSize: false },
  });
  vi.unstubAllEnvs();
  const [{ output }] = (Array.isArray(made) ? made : [made]) as [{ output: Built[] }];
  const found = output.filter((asset) => asset.type === 'chunk') as unknown as Chunk[];
  worker = String(output.find((asset) => asset.fileName === 'exam/sw.js')?.source);
  chunks = new Map(found.map((chunk) => [chunk.fileName, chunk]));
}, 60_000);

/** A chunk with everything that it cannot run without. */
function closure(name: string, seen = new Set<string>()): Set<string> {
  if (!seen.has(name)) {
    seen.add(name);
    chunks.get(name)?.imports.forEach((imported) => closure(imported, seen));
  }
  return seen;
}

const compressed = (names: Iterable<string>) =>
  [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').length, 0);

const made = (module: string) =>
  [...chunks.values()].find((chunk) => chunk.facadeModuleId?.endsWith(module))?.fileName ?? '';

const entry = () => made('exam/index.html');

// Whoever comes first sees the sign-in; whoever comes back in the middle, the paper.
test.each(['screens/SignIn.vue', 'paper/PaperScreen.vue', 'screens/EndScreen.vue'])(
  'the exam page with %s first is at most 120 KB of compressed JavaScript',
  (screen) => {
    expect(chunks.has(made(screen)), 'a chunk of its own').toBe(true);
    const loaded = new Set([...closure(entry()), ...closure(made(screen))]);
    expect(loaded.has(made(screen))).toBe(true);
    expect(closure(entry()).has(made(screen)), 'loaded only when it is shown').toBe(false);
    expect(compressed(loaded)).toBeLessThanOrEqual(MOST_BYTES);
  },
);

test('the service worker keeps every script that the exam page may ever load', () => {
  const ever = new Set<string>();
  const visit = (name: string): void => {
    if (ever.has(name)) return;
    ever.add(name);
    const { imports = [], dynamicImports = [] } = chunks.get(name) ?? {};
    [...imports, ...dynamicImports].forEach(visit);
  };
  visit(entry());
  expect(ever.size).toBeGreaterThan(closure(entry()).size);
  expect([...ever].filter((name) => !worker.includes(name))).toEqual([]);
  expect(worker).toContain('assets/tap.worklet-');
  expect(worker).not.toContain(made('console/index.html'));
  expect(worker, 'a plain script').not.toMatch(/^\s*(import|export)\b/m);
});
