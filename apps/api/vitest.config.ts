import { builtScripts } from '@vergeai/testkit';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [builtScripts()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // For a machine that is several times slower, and busy: what promises to be quick says so in its test.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Each file starts servers and databases of its own; more at once than cores only makes them wait for each other.
    maxWorkers: 2,
  },
});
