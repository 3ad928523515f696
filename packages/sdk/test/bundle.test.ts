import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

const KILOBYTE = 1024;

it('a bundle for browsers holds the whole client in at most 10 KB, and asks for no module of Node', { timeout: 60_000 }, async () => {
  const warnings: string[] = [];
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../src/index.ts', import.meta.url)),
    platform: 'browser',
    onLog: (level, { message }) => void (level === 'warn' && warnings.push(message)),
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  const [{ code, imports, dynamicImports }, ...more] = output;
  expect(more).toEqual([]);
  expect(warnings).toEqual([]);
  expect([...imports, ...dynamicImports]).toEqual([]);
  expect(code).not.toMatch(/__vite-browser-external|require\(["'`](node:)?\w+["'`]\)|from ["'`]node:/);
  // The operations, and how model formats are told; not how these are read and written, and no zod.
  expect(code).toContain('submit_start_model');
  expect(code).toContain('application/vnd.safetensors');
  expect(code).not.toMatch(/data_offsets|ZodError|invalid_type/);
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(10 * KILOBYTE);
});
