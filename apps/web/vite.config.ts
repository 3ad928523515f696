import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compress } from './build/compress.js';
import { digitsFile } from './build/digits-file.js';
import { firstScript } from './build/first-script.js';
import { reference } from './build/reference/plugin.js';

export default defineConfig({
  // The server puts what the page refers to below its own path; scripts ask import.meta.url where they stand.
  base: './',
  plugins: [react(), reference(), firstScript('src/app/theme/first-paint.js'), digitsFile('generated/digits.bin'), compress()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    manifest: true,
    // The dashboard, and the reference, which is to be read without it.
    rolldownOptions: { input: { dashboard: 'index.html', reference: 'docs.html' } },
    sourcemap: false,
    // The policy of the pages allows no data: URL but for images, and no script of the page itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // For work on the pages: `npm start` beside it.
  server: { host: '127.0.0.1', proxy: { '/v1': 'http://127.0.0.1:3000', '/openapi.json': 'http://127.0.0.1:3000' } },
});
