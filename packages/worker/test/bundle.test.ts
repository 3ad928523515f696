import { bundledForBrowsers, packedApp, type Bundle, type PackedApp } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const KILOBYTE = 1024;

let app: PackedApp;
let client: Bundle;
beforeAll(async () => {
  app = await packedApp('domain', 'sdk', 'worker');
  client = await bundledForBrowsers(app.folder, `export * from '@vergeai/sdk';`);
}, 120_000);
afterAll(() => app[Symbol.asyncDispose]());

const withClient = (source: string) => bundledForBrowsers(app.folder, `export * from '@vergeai/sdk'; ${source}`);

describe('a page that has the client', () => {
  it('gets the device side for at most 12 KB more', async () => {
    const device = await withClient(`export { createWorker, decodeModel, encodeModel, floats, memoryCache } from '@vergeai/worker';`);
    expect(device.imports).toEqual([]);
    expect(device.code).toContain('data_offsets');
    expect(device.gzipBytes - client.gzipBytes).toBeLessThanOrEqual(12 * KILOBYTE);
  });

  it('and training by one call for at most another', async () => {
    const all = await withClient(`export * from '@vergeai/worker';`);
    expect(all.gzipBytes - client.gzipBytes).toBeLessThanOrEqual(13 * KILOBYTE);
  });
});
