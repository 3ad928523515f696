import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

// vite comes with vitest and is not a dependency of its own.
const require = createRequire(realpathSync(createRequire(import.meta.url).resolve('vitest/package.json')));
const { build } = (await import(pathToFileURL(require.resolve('vite')).href)) as {
  build(config: object): Promise<{ output: { code?: string; imports?: string[]; dynamicImports?: string[] }[] }[]>;
};

it('a bundle for browsers holds the whole client and asks for no module of Node', { timeout: 60_000 }, async () => {
  const warnings: string[] = [];
  const [result] = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('../src/index.ts', import.meta.url)), formats: ['es'] },
      rolldownOptions: { onwarn: (warning: { message: string }) => warnings.push(warning.message) },
    },
  });
  const [bundle, ...more] = result!.output;
  expect(more).toEqual([]);
  expect(warnings).toEqual([]);
  expect([...(bundle!.imports ?? []), ...(bundle!.dynamicImports ?? [])]).toEqual([]);
  expect(bundle!.code).not.toMatch(/__vite-browser-external|require\(["'](node:)?\w+["']\)|from ["']node:/);
  expect(bundle!.code).toContain('/v1/experiment/create');
  // How model formats are told comes along, how they are read and written does not.
  expect(bundle!.code).toContain('application/vnd.safetensors');
  expect(bundle!.code).not.toContain('data_offsets');
});
