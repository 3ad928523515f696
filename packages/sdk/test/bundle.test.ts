import { bundledForBrowsers, packedApp } from '@vergeai/testkit';
import { expect, it } from 'vitest';

const KILOBYTE = 1024;

it('a bundle for browsers holds the whole client in at most 10.5 KB, and asks for no module of Node', { timeout: 120_000 }, async () => {
  await using app = await packedApp('domain', 'sdk');
  const { code, gzipBytes, imports, warnings } = await bundledForBrowsers(app.folder, `export * from '@vergeai/sdk';`);
  expect(imports).toEqual([]);
  expect(warnings).toEqual([]);
  expect(code).not.toMatch(/__vite-browser-external|require\(["'`](node:)?\w+["'`]\)|from ["'`]node:/);
  // The operations, and how model formats are told; not how these are read and written, no zod, and nothing of files.
  expect(code).toContain('submit_start_model');
  expect(code).toContain('application/vnd.safetensors');
  expect(code).not.toMatch(/data_offsets|ZodError|invalid_type|createReadStream/);
  expect(gzipBytes).toBeLessThanOrEqual(10.5 * KILOBYTE);
});
