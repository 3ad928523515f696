import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultServer, json, startServer, type FaultServer } from '@vergeai/testkit';

const run = promisify(execFile);
const sdk = fileURLToPath(new URL('..', import.meta.url));
const root = path.join(sdk, '../..');
const tsc = path.join(sdk, 'node_modules/typescript/bin/tsc');

let app: string;
let server: FaultServer;
beforeAll(async () => {
  server = await faultServer(json(200, { ID: '1'.repeat(32), jobs: [] }));
  app = await realpath(await mkdtemp(path.join(tmpdir(), 'sdk-packed-')));
  const modules = path.join(app, 'node_modules');
  for (const name of ['contract', 'domain', 'sdk']) {
    const { stdout } = await run(path.join(root, 'node_modules/.bin/pnpm'), ['pack', '--pack-destination', app], { cwd: path.join(root, 'packages', name) });
    const tarball = stdout.trim().split('\n').at(-1)!;
    const target = path.join(modules, '@vergeai', name);
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', path.resolve(app, tarball), '-C', target, '--strip-components=1']);
  }
  const { dependencies } = JSON.parse(await readFile(path.join(modules, '@vergeai/sdk/package.json'), 'utf8')) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies).filter((dependency) => !dependency.startsWith('@vergeai/'))) {
    await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
    await symlink(await realpath(path.join(sdk, 'node_modules', name)), path.join(modules, name));
  }
  await writeFile(path.join(app, 'package.json'), JSON.stringify({ type: 'module' }));
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(app, { recursive: true, force: true });
});

describe('the packed tarball', () => {
  it('has what it needs and nothing else', async () => {
    const installed = path.join(app, 'node_modules/@vergeai/sdk');
    expect((await readdir(installed)).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'src']);
    const manifest = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    for (const version of Object.values(manifest.dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('runs in plain JavaScript', async () => {
    await writeFile(
      path.join(app, 'consumer.mjs'),
      `import { VergeAI } from '@vergeai/sdk';
       const vergeai = new VergeAI({ apiKey: 'key', baseUrl: '${server.url}' });
       console.log(JSON.stringify(await vergeai.Experiment.create({ project_id: 'p' })));`,
    );
    const { stdout, stderr } = await run(process.execPath, ['consumer.mjs'], { cwd: app, env: {} });
    expect(JSON.parse(stdout)).toEqual({ statusCode: 204, body: { ID: '1'.repeat(32), jobs: [] } });
    expect(stderr).toBe('');
  });

  // npm test sets it: the Node it was started with where that is a 20, else one from npm.
  const node20 = process.env['VERGE_NODE_20'];
  it.skipIf(node20 === undefined)('works on Node 20: it creates, sends a file, reads it back, lists and throws', async () => {
    const real = await startServer();
    await writeFile(
      path.join(app, 'on-node-20.mjs'),
      `import { readFile, writeFile } from 'node:fs/promises';
       import { NotFound, VergeAI } from '@vergeai/sdk';
       const vergeai = new VergeAI({ apiKey: '${real.key}', baseUrl: '${real.url}' });
       const { project_id } = (await vergeai.Project.create({ project_name: 'On Node 20' })).body;
       const experiment_id = (await vergeai.Experiment.create({ project_id })).body.ID;
       await writeFile('model.json', '{"w":[1,2.5]}');
       await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model: './model.json', block: true });
       await vergeai.Experiment.current_model({ project_id, experiment_id }).toFile('back.json');
       const listed = [];
       for await (const experiment of vergeai.Experiment.list({ project_id })) listed.push(experiment.experiment_id === experiment_id);
       const missing = await vergeai.Experiment.get({ project_id, experiment_id: '0'.repeat(32) }).catch((error) => error instanceof NotFound);
       console.log(JSON.stringify({ node: process.versions.node, back: await readFile('back.json', 'utf8'), listed, missing }));`,
    );
    try {
      const { stdout, stderr } = await run(node20!, ['on-node-20.mjs'], { cwd: app, env: {} });
      expect(JSON.parse(stdout)).toEqual({ node: expect.stringMatching(/^20\./), back: '{"w":[1,2.5]}', listed: [true], missing: true });
      expect(stderr).toBe('');
    } finally {
      await real.stop();
    }
  });

  const types = path.dirname(path.dirname(createRequire(import.meta.url).resolve('@types/node/package.json')));
  it.each([
    ['a browser', { module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [] }],
    ['Node', { module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['ES2022'], types: ['node'], typeRoots: [types] }],
  ])('is typed for %s', async (name, options) => {
    const file = `consumer-${options.module}.ts`;
    await writeFile(
      path.join(app, file),
      `import { APIError, VergeAI, type ModelInput } from '@vergeai/sdk';
       const vergeai = new VergeAI({ apiKey: 'key', fetch: (url, init) => fetch(url, init) });
       export async function use(model: ModelInput, project_id: string, experiment_id: string): Promise<string | undefined> {
         const { statusCode, body } = await vergeai.Experiment.create({ project_id });
         const printed: 204 = statusCode;
         // @ts-expect-error not 200, and so not any
         const wrong: 200 = statusCode;
         // @ts-expect-error no such key
         body.nothing;
         await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model, block: true }, { signal: AbortSignal.timeout(5) });
         for await (const job of vergeai.Job.list({ project_id, experiment_id })) console.log(job.status, printed, wrong);
         const bytes: Uint8Array = await vergeai.Experiment.current_model({ project_id, experiment_id }).bytes();
         new Blob([await vergeai.Experiment.current_model({ project_id, experiment_id }).bytes()]);
         try { return body.ID + bytes.length; } catch (error) { return error instanceof APIError ? error.code : undefined; }
       }`,
    );
    const config = `tsconfig.${name.replace(/\W/g, '')}.json`;
    const compilerOptions = { strict: true, noEmit: true, target: 'ES2022', skipLibCheck: true, exactOptionalPropertyTypes: true, ...options };
    await writeFile(path.join(app, config), JSON.stringify({ compilerOptions, files: [file] }));
    const { stdout } = await run(process.execPath, [tsc, '-p', config], { cwd: app }).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  }, 60_000);
});
