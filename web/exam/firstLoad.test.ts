import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { beforeAll, expect, test, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST_BYTES = 120 * 1024;

interface Chunk {
  fileName: string;
  code: string;
  imports: string[];
  facadeModuleId: string | null;
}

let chunks: Map<string, Chunk>;

beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const made = await build({
    root: ROOT,
    configFile: `${ROOT}/vite.config.ts`,
    logLevel: 'error',
    build: { write: false, reportCompressedSize: false },
  });
  vi.unstubAllEnvs();
  const [{ output }] = (Array.isArray(made) ? made : [made]) as [{ output: { type: string }[] }];
  const found = output.filter((one) => one.type === 'chunk') as unknown as Chunk[];
  chunks = new Map(found.map((one) => [one.fileName, one]));
}, 60_000);

/** A chunk with everything that it cannot run without. */
function closure(name: string, seen = new Set<string>()): Set<string> {
  if (!seen.has(name)) {
    seen.add(name);
    chunks.get(name)?.imports.forEach((one) => closure(one, seen));
  }
  return seen;
}

const compressed = (names: Iterable<string>) =>
  [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').length, 0);

const made = (module: string) =>
  [...chunks.values()].find((one) => one.facadeModuleId?.endsWith(module))?.fileName ?? '';

const entry = () => made('exam/index.html');

// Whoever comes first sees the sign-in; whoever comes back in the middle, the paper.
test.each(['stages/SignIn.vue', 'paper/PaperScreen.vue', 'stages/EndScreen.vue'])(
  'the exam page with %s first is at most 120 KB of compressed JavaScript',
  (screen) => {
    expect(chunks.has(made(screen)), 'a chunk of its own').toBe(true);
    const loaded = new Set([...closure(entry()), ...closure(made(screen))]);
    expect(loaded.has(made(screen))).toBe(true);
    expect(closure(entry()).has(made(screen)), 'loaded only when it is shown').toBe(false);
    expect(compressed(loaded)).toBeLessThanOrEqual(MOST_BYTES);
  },
);
