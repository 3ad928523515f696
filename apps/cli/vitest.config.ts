import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // From its source, so that a run of this package alone never meets an old build.
    alias: { '@vergeai/testkit': fileURLToPath(new URL('../../packages/testkit/src/index.ts', import.meta.url)) },
  },
  test: { globalSetup: ['test/support/one-server.ts'], include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2 },
});
