import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { offlinePlugin } from './exam/offline/vitePlugin.ts';
import { cspPlugin } from './cspPlugin.ts';
import { BUILD_TARGETS } from './floor/support.js';
import { openingPlugin } from './floor/openingPlugin.ts';

const page = (name: string) => fileURLToPath(new URL(`${name}/index.html`, import.meta.url));

export default defineConfig({
  // The pages lie in a folder of a bucket, never at a root: every address is relative.
  base: './',
  plugins: [vue(), openingPlugin(), cspPlugin(), offlinePlugin()],
  define: {
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    target: BUILD_TARGETS,
    // Sound is taken by a worklet, which has to be a file of its own.
    assetsInlineLimit: 0,
    // The viewer of the API description, on a page of its own.
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      input: {
        exam: page('exam'),
        phone: page('phone'),
        console: page('console'),
        help: page('help'),
        'api-docs': page('api-docs'),
      },
    },
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules', 'dist'],
    environment: 'node',
    // Its modules import their style sheets, which only Vite can read.
    server: { deps: { inline: ['element-plus'] } },
  },
});
