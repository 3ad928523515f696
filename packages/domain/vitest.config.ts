import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    // Thousands of random models take a while on a machine that is busy with other things.
    testTimeout: 60_000,
    chaiConfig: { truncateThreshold: 0 },
  },
});
