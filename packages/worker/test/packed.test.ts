import { readdir } from 'node:fs/promises';
import { packedApp, startServer, type PackedApp } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobWith, newExperiment, newJob } from './support.js';

/** An app that has the worker and what it depends on as npm would install them, and no TensorFlow.js. */
let app: PackedApp;
beforeAll(async () => {
  app = await packedApp('domain', 'sdk', 'worker');
}, 120_000);
afterAll(() => app[Symbol.asyncDispose]());

describe('the packed tarball', () => {
  it('has what it needs and nothing else, and everything it depends on can be published', async () => {
    expect((await readdir(app.installed('worker'))).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'src']);
    const { dependencies = {} } = await app.manifest('worker');
    // Sorted: pnpm reads the versions of workspace packages side by side and writes them in the order they came.
    expect(Object.keys(dependencies).toSorted()).toEqual(['@vergeai/domain', '@vergeai/sdk']);
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
    for (const name of ['domain', 'sdk', 'worker']) expect((await app.manifest(name)).private).toBeUndefined();
  });

  const use = `const model = new Map([['w', { dtype: 'F32', shape: [1], data: Float32Array.of(2) }]]);
    console.log(typeof createWorker, decodeModel(encodeModel(model, 'safetensors')).get('w').data[0]);`;

  it('runs in plain JavaScript; only the bridge asks for TensorFlow.js', async () => {
    const bridge = `await import('@vergeai/worker/tfjs').catch((error) => console.log(error.code));`;
    await app.write('consumer.mjs', `import { createWorker, decodeModel, encodeModel } from '@vergeai/worker';\n${use}\n${bridge}`);
    expect((await app.run(process.execPath, ['consumer.mjs'])).stdout).toBe('function 2\nERR_MODULE_NOT_FOUND\n');
  });

  it.each([
    ['as an ES module', []],
    ['as CommonJS, by those who cannot require an ES module', ['--no-experimental-require-module']],
  ])('can be required %s', async (_, flags) => {
    await app.write('consumer.cjs', `const { createWorker, decodeModel, encodeModel } = require('@vergeai/worker');\n${use}`);
    expect((await app.run(process.execPath, [...flags, 'consumer.cjs'])).stdout).toBe('function 2\n');
  });

  // npm test sets them: the Node it was started with where that is a 20, else one from npm; and from npm, too, the others.
  describe.each([
    { name: 'Node 20', program: process.env['VERGE_NODE_20'], args: [] },
    { name: 'Deno', program: process.env['VERGE_DENO'], args: ['run', '--node-modules-dir=manual', '--no-remote', '--allow-all'] },
    { name: 'Bun', program: process.env['VERGE_BUN'], args: ['run'] },
  ])('on $name', ({ name, program, args }) => {
    it.skipIf(program === undefined)('takes a job, trains, and the job completes with what it sent', { timeout: 60_000 }, async () => {
      const server = await startServer();
      try {
        const experiment = await newExperiment(server.url, 1, { w: [1, 2] });
        const job = await newJob(experiment);
        const file = await app.write(
          `on-${name.replace(' ', '-')}.mjs`,
          `import { VergeAI } from '@vergeai/sdk';
           import { createWorker, floats } from '@vergeai/worker';
           const client = new VergeAI({ apiKey: '${experiment.devices[0]!.key}', baseUrl: '${server.url}' });
           const train = ({ model }) => {
             const w = floats(model, 'w');
             for (let i = 0; i < w.length; i++) w[i] += 1;
             return { model, numExamples: 1 };
           };
           console.log(await createWorker({ client, projectId: '${experiment.ids.project_id}', train }).run({ maxJobs: 1 }));`,
        );
        const { stdout, stderr } = await app.run(program!, [...args, file], { HOME: app.folder, NO_COLOR: '1' });
        expect([stdout, stderr]).toEqual(['1\n', '']);
        await jobWith(experiment, job, 'COMPLETED');
        expect(await experiment.admin.Experiment.current_model(experiment.ids).json()).toEqual({ w: [2, 3] });
      } finally {
        await server.stop();
      }
    });
  });
});
