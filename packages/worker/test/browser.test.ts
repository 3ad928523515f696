import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';

// vite comes with vitest and is not a dependency of its own.
const require = createRequire(realpathSync(createRequire(import.meta.url).resolve('vitest/package.json')));
interface Output {
  code?: string;
  imports?: string[];
  dynamicImports?: string[];
}
const { build } = (await import(pathToFileURL(require.resolve('vite')).href)) as { build(config: object): Promise<{ output: Output[] }[]> };

async function bundle(entry: string, external: string[] = []) {
  const warnings: string[] = [];
  const [result] = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL(`../src/${entry}`, import.meta.url)), formats: ['es'] },
      rolldownOptions: { external, onwarn: (warning: { message: string }) => warnings.push(warning.message) },
    },
  });
  const [only, ...more] = result!.output;
  expect(more).toEqual([]);
  expect(warnings).toEqual([]);
  expect(only!.code).not.toMatch(/__vite-browser-external|require\(["'](node:)?\w+["']\)|from ["']node:/);
  return only!;
}

it('a bundle for browsers holds the whole worker, asks for no module of Node, and has nothing of TensorFlow.js', { timeout: 60_000 }, async () => {
  const { imports, dynamicImports, code } = await bundle('index.ts');
  expect([...(imports ?? []), ...(dynamicImports ?? [])]).toEqual([]);
  expect(code).toContain('Device.heartbeat(');
  // Sentences of the client speak of it.
  expect(code).not.toMatch(/@tensorflow|applyState/);
});

it('the TensorFlow.js bridge asks for the core only, and brings neither client nor worker along', { timeout: 60_000 }, async () => {
  const { imports, code } = await bundle('tfjs.ts', ['@tensorflow/tfjs-core']);
  expect(imports).toEqual(['@tensorflow/tfjs-core']);
  expect(code!.length).toBeLessThan(5000);
});

it('the code runs without a global `process`', { timeout: 60_000 }, async () => {
  const { code } = await bundle('index.ts');
  // As in a browser: what Node adds to the globals of its own is not there.
  const script = code!.replace(/export\s*\{([^}]*)\};?\s*$/, (_, names: string) => `({${names.replaceAll(/(\S+) as (\S+)/g, '$2: $1')}})`);
  const worker = runInNewContext(script, { TextEncoder, TextDecoder, AbortController, URL, crypto, performance, setTimeout, clearTimeout }) as typeof import('../src/index.js');
  const model = worker.decodeModel(new TextEncoder().encode('{"w":[1,2]}'), 'json');
  expect(JSON.stringify([...model])).toBe('[["w",{"dtype":"F64","shape":[2],"data":{"0":1,"1":2}}]]');
  expect(typeof worker.createWorker({ client: {} as never, projectId: 'p', train: () => ({ model: {} }) }).run).toBe('function');
});
