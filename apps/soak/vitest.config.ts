import { builtScripts } from '@vergeai/testkit';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [builtScripts()],
  test: {
    include: ['test/**/*.test.ts'],
    // A machine that is busy with other things gets the time it needs.
    testTimeout: 4_500_000,
    hookTimeout: 120_000,
    // Each file keeps servers of its own busy.
    maxWorkers: 2,
  },
});
