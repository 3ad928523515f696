import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobWith, newExperiment, newJob } from './support.js';

const run = promisify(execFile);
const worker = fileURLToPath(new URL('..', import.meta.url));
const root = path.join(worker, '../..');
const tsc = path.join(worker, 'node_modules/typescript/bin/tsc');

/** An app that has the worker and what it depends on as npm would install them, and no TensorFlow.js. */
let app: string;
beforeAll(async () => {
  app = await realpath(await mkdtemp(path.join(tmpdir(), 'worker-packed-')));
  const modules = path.join(app, 'node_modules');
  for (const name of ['contract', 'domain', 'sdk', 'worker']) {
    const { stdout } = await run(path.join(root, 'node_modules/.bin/pnpm'), ['pack', '--pack-destination', app], { cwd: path.join(root, 'packages', name) });
    const target = path.join(modules, '@vergeai', name);
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', path.resolve(app, stdout.trim().split('\n').at(-1)!), '-C', target, '--strip-components=1']);
  }
  for (const name of ['@ts-rest/core', 'zod']) {
    await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
    await symlink(await realpath(path.join(root, 'packages/sdk/node_modules', name)), path.join(modules, name));
  }
  await writeFile(path.join(app, 'package.json'), JSON.stringify({ type: 'module' }));
}, 120_000);
afterAll(() => rm(app, { recursive: true, force: true }));

const manifest = async (name: string) =>
  JSON.parse(await readFile(path.join(app, 'node_modules/@vergeai', name, 'package.json'), 'utf8')) as { private?: boolean; dependencies?: Record<string, string> };

describe('the packed tarball', () => {
  it('has what it needs and nothing else, and everything it depends on can be published', async () => {
    expect((await readdir(path.join(app, 'node_modules/@vergeai/worker'))).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'src']);
    const { dependencies } = await manifest('worker');
    // Sorted: pnpm reads the versions of workspace packages side by side and writes them in the order they came.
    expect(Object.keys(dependencies!).toSorted()).toEqual(['@vergeai/domain', '@vergeai/sdk']);
    for (const version of Object.values(dependencies!)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
    for (const name of ['contract', 'domain', 'sdk', 'worker']) expect((await manifest(name)).private).toBeUndefined();
  });

  it('runs in plain JavaScript; only the bridge asks for TensorFlow.js', async () => {
    const use = `import { createWorker, decodeModel, encodeModel } from '@vergeai/worker';
      const model = new Map([['w', { dtype: 'F32', shape: [1], data: Float32Array.of(2) }]]);
      console.log(typeof createWorker, decodeModel(encodeModel(model, 'safetensors')).get('w').data[0]);
      await import('@vergeai/worker/tfjs').catch((error) => console.log(error.code));`;
    await writeFile(path.join(app, 'consumer.mjs'), use);
    const { stdout } = await run(process.execPath, ['consumer.mjs'], { cwd: app });
    expect(stdout).toBe('function 2\nERR_MODULE_NOT_FOUND\n');
  });

  // npm test sets it: the Node it was started with where that is a 20, else one from npm.
  const node20 = process.env['VERGE_NODE_20'];
  it.skipIf(node20 === undefined)('works on Node 20: it takes a job, trains, and the job completes with what it sent', async () => {
    const server = await startServer();
    try {
      const experiment = await newExperiment(server.url, 1, { w: [1, 2] });
      const job = await newJob(experiment);
      await writeFile(
        path.join(app, 'on-node-20.mjs'),
        `import { VergeAI } from '@vergeai/sdk';
         import { createWorker, floats } from '@vergeai/worker';
         const client = new VergeAI({ apiKey: '${experiment.devices[0]!.key}', baseUrl: '${server.url}' });
         const train = ({ model }) => {
           const w = floats(model, 'w');
           for (let i = 0; i < w.length; i++) w[i] += 1;
           return { model, numExamples: 1 };
         };
         const accepted = await createWorker({ client, projectId: '${experiment.ids.project_id}', train }).run({ maxJobs: 1 });
         console.log(JSON.stringify({ node: process.versions.node, accepted }));`,
      );
      const { stdout, stderr } = await run(node20!, ['on-node-20.mjs'], { cwd: app, env: {} });
      expect(JSON.parse(stdout)).toEqual({ node: expect.stringMatching(/^20\./), accepted: 1 });
      expect(stderr).toBe('');
      await jobWith(experiment, job, 'COMPLETED');
      expect(await experiment.admin.Experiment.current_model(experiment.ids).json()).toEqual({ w: [2, 3] });
    } finally {
      await server.stop();
    }
  });

  const types = path.dirname(path.dirname(createRequire(import.meta.url).resolve('@types/node/package.json')));
  it.each([
    ['a browser', { module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [] }],
    ['Node', { module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['ES2022'], types: ['node'], typeRoots: [types] }],
  ])('is typed for %s', { timeout: 60_000 }, async (name, options) => {
    const file = `consumer-${options.module}.ts`;
    await writeFile(
      path.join(app, file),
      `import { VergeAI } from '@vergeai/sdk';
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
       }`,
    );
    const config = `tsconfig.${name.replace(/\W/g, '')}.json`;
    const compilerOptions = { strict: true, noEmit: true, target: 'ES2022', skipLibCheck: true, exactOptionalPropertyTypes: true, ...options };
    await writeFile(path.join(app, config), JSON.stringify({ compilerOptions, files: [file] }));
    const { stdout } = await run(process.execPath, [tsc, '-p', config], { cwd: app }).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });
});
