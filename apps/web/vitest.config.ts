import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // From its source, so that a run of this package alone never meets an old build.
    alias: { '@vergeai/testkit': fileURLToPath(new URL('../../packages/testkit/src/index.ts', import.meta.url)) },
  },
  // A browser and a server each, which wait for each other half of the time: two files at a time.
  test: { include: ['test/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 120_000, maxWorkers: 2, expect: { poll: { timeout: 45_000 } } },
});
