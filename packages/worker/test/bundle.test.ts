import { bundledForBrowsers, packedApp } from '@vergeai/testkit';
import { expect, it } from 'vitest';

const KILOBYTE = 1024;

it('a page that has the client gets the worker for at most 12 KB more', { timeout: 120_000 }, async () => {
  await using app = await packedApp('domain', 'sdk', 'worker');
  const client = await bundledForBrowsers(app.folder, `export * from '@vergeai/sdk';`);
  const both = await bundledForBrowsers(app.folder, `export * from '@vergeai/sdk'; export * from '@vergeai/worker';`);
  expect(both.imports).toEqual([]);
  expect(both.code).toContain('data_offsets');
  expect(both.gzipBytes - client.gzipBytes).toBeLessThanOrEqual(12 * KILOBYTE);
});
