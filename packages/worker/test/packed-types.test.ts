import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeTypes, packedApp, type PackedApp } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let app: PackedApp;
beforeAll(async () => {
  app = await packedApp('domain', 'sdk', 'worker');
}, 120_000);
afterAll(() => app[Symbol.asyncDispose]());

const compilers = { '5.9': 'typescript-5', '7': 'typescript' } as const;
const compiler = (version: keyof typeof compilers) => path.join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules', compilers[version], 'bin/tsc');

const source = `import { VergeAI } from '@vergeai/sdk';
  import { createWorker, encodeModel, floats, type Model, type Train } from '@vergeai/worker';
  const train: Train = async ({ model, hyperparameters, job, signal, report }) => {
    const w = floats(model, 'w');
    for (let i = 0; i < w.length; i++) w[i]! -= Number(hyperparameters['rate']);
    signal.throwIfAborted();
    report({ loss: job.sequence });
    if (w.length > 9) return { model: { w: { data: [1, 2, 3] } } };
    return { model, numExamples: 5 };
  };
  // @ts-expect-error a training gives a model
  const wrong: Train = () => ({});
  const worker = createWorker({ client: new VergeAI({ apiKey: 'k' }), projectId: 'p', train, onEnd: (job, outcome) => console.log(job.id, outcome === 'closed') });
  export async function use(start: Model): Promise<number> {
    new Blob([encodeModel(start, 'json')]);
    void worker.run({ maxJobs: 1 }).then((accepted: number) => accepted, wrong);
    await worker.stop({ abandon: true });
    return start.get('w')?.shape[0] ?? 0;
  }`;

const nodeNext = { module: 'NodeNext', moduleResolution: 'NodeNext' };

describe.each(['5.9', '7'] as const)('the types of the packed tarball, read by TypeScript %s in an empty project,', (version) => {
  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['as an ES module', 'app.mts', nodeNext],
    ['as CommonJS', 'app.cts', nodeNext],
    ['through a bundler', 'app.ts', { module: 'ESNext', moduleResolution: 'bundler' }],
    ['in Node without what browsers have', 'app.mts', { ...nodeNext, lib: ['ES2022'], types: ['node'], typeRoots: [nodeTypes(import.meta.url)] }],
  ])('are whole %s', { timeout: 60_000 }, async (_, file, options) => {
    await app.write(file, source);
    const compilerOptions = { strict: true, noEmit: true, target: 'ES2022', exactOptionalPropertyTypes: true, types: [], ...options };
    const config = await app.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }));
    const { stdout } = await app.run(process.execPath, [compiler(version), '-p', config]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });
});
