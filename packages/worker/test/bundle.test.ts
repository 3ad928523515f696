import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

const KILOBYTE = 1024;
const worker = fileURLToPath(new URL('../src/index.ts', import.meta.url));

async function bundled(source: string): Promise<number> {
  const entry = '\0entry';
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    plugins: [{ name: 'entry', resolveId: (id) => (id === entry ? entry : undefined), load: (id) => (id === entry ? source : undefined) }],
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  expect(output).toHaveLength(1);
  expect(output[0].imports).toEqual([]);
  return gzipSync(output[0].code, { level: 9 }).length;
}

it('a page that has the client gets the worker for at most 12 KB more', { timeout: 60_000 }, async () => {
  const client = await bundled(`export * from ${JSON.stringify(fileURLToPath(import.meta.resolve('@vergeai/sdk')))};`);
  const both = await bundled(`export * from ${JSON.stringify(fileURLToPath(import.meta.resolve('@vergeai/sdk')))}; export * from ${JSON.stringify(worker)};`);
  expect(client).toBeGreaterThan(5 * KILOBYTE);
  expect(both - client).toBeLessThanOrEqual(12 * KILOBYTE);
});
