import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';
import { BUILD_TARGETS } from '../../floor/support.js';
import type { PageManifest } from './pageCache';

const PAGE = 'exam/index.html';
const WORKER = fileURLToPath(new URL('serviceWorker.ts', import.meta.url));

/** Build the exam page's service worker, which knows by name every file that the page may load. */
export function offlinePlugin(): Plugin {
  return {
    name: 'exam-offline',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const page = bundle[PAGE];
        if (page?.type !== 'asset') throw new Error(`${PAGE} was not built`);
        const contents: PageManifest = {
          page: hashOf(page),
          files: Object.fromEntries(
            pageFiles(bundle).map((name) => [`../${name}`, hashOf(bundle[name])]),
          ),
        };
        const source = await buildWorker(contents);
        this.emitFile({ type: 'asset', fileName: 'exam/sw.js', source });
      },
    },
  };
}

function hashOf(file: Rolldown.OutputBundle[string] | undefined): string {
  if (!file) throw new Error('the page names a file that was not built');
  const content = file.type === 'asset' ? file.source : file.code;
  return createHash('sha256').update(content).digest('hex');
}

/** Everything that the page loads, at once or ever: scripts, styles and what these name. */
function pageFiles(bundle: Rolldown.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((asset) => asset.type === 'chunk');
  const entry = chunks.find((chunk) => chunk.isEntry && chunk.facadeModuleId?.endsWith(PAGE));
  const files = new Set<string>();
  const visit = (name: string | undefined): void => {
    const chunk = name === undefined ? undefined : bundle[name];
    if (!name || files.has(name)) return;
    files.add(name);
    if (chunk?.type !== 'chunk') return;
    const { imports, dynamicImports, viteMetadata } = chunk;
    [...imports, ...dynamicImports].forEach(visit);
    viteMetadata?.importedCss.forEach(visit);
    viteMetadata?.importedAssets.forEach(visit);
  };
  visit(entry?.fileName);
  // What only the page's own HTML names, such as its icon.
  const html = bundle[PAGE];
  const text = html?.type === 'asset' ? String(html.source) : '';
  for (const [, name] of text.matchAll(/(?:src|href)="\.\.\/([^"]+)"/g)) visit(name);
  return [...files].sort();
}

/** The worker as one plain script: a browser that knows no modules in workers runs it, too. */
async function buildWorker(contents: PageManifest): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    define: { __CONTENTS__: JSON.stringify(contents) },
    build: {
      write: false,
      target: BUILD_TARGETS,
      rollupOptions: { input: WORKER, output: { format: 'iife' } },
    },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as Rolldown.RolldownOutput;
  return output[0].code;
}
