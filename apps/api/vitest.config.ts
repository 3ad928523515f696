import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // CI shares its machine: a second try tells a busy moment from a fault. Locally a flaky test has nowhere to hide.
    retry: process.env['CI'] ? 1 : 0,
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Each file starts servers and databases of its own; more at once than cores only makes them wait for each other.
    maxWorkers: 2,
  },
});
