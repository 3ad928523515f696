import { readdir } from 'node:fs/promises';
import { faultServer, json, packedApp, startServer, type FaultServer, type PackedApp } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let app: PackedApp;
let server: FaultServer;
beforeAll(async () => {
  server = await faultServer(json(200, { ID: '1'.repeat(32), jobs: [] }));
  app = await packedApp('domain', 'sdk');
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const create = () => `
  const vergeai = new VergeAI({ apiKey: 'key', baseUrl: '${server.url}' });
  vergeai.Experiment.create({ project_id: 'p' }).then((answer) => console.log(JSON.stringify(answer)));`;
const created = { statusCode: 204, body: { ID: '1'.repeat(32), jobs: [] } };

// npm test sets them: the Node it was started with where that is a 20, else one from npm; and from npm, too, the others.
const node20 = process.env['VERGE_NODE_20'];
const nodes = [[`Node ${process.versions.node}`, process.execPath] as const, ...(node20 === undefined ? [] : [['Node 20', node20] as const])];

describe('the packed tarball', () => {
  it('has what it needs and nothing else', async () => {
    expect((await readdir(app.installed('sdk'))).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'src']);
    const { dependencies = {} } = await app.manifest('sdk');
    expect(Object.keys(dependencies)).toEqual(['@vergeai/domain']);
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  describe.each(nodes)('on %s', (_, node) => {
    it.each([
      ['imported', 'app.mjs', `import { VergeAI } from '@vergeai/sdk';`],
      ['required', 'app.cjs', `const { VergeAI } = require('@vergeai/sdk');`],
    ])('runs when it is %s', async (__, file, first) => {
      const { stdout, stderr } = await app.run(node, [await app.write(file, first + create())]);
      expect(JSON.parse(stdout)).toEqual(created);
      expect(stderr).toBe('');
    });

    it('is one and the same, imported or required, so that its errors are', async () => {
      await app.write('both.mjs', `import { createRequire } from 'node:module'; import { APIError } from '@vergeai/sdk'; console.log(createRequire(import.meta.url)('@vergeai/sdk').APIError === APIError);`);
      expect((await app.run(node, ['both.mjs'])).stdout).toBe('true\n');
    });

    it('has a CommonJS of its own for those who cannot require an ES module', async () => {
      const file = await app.write('old.cjs', `console.error(require.resolve('@vergeai/sdk')); const { VergeAI } = require('@vergeai/sdk');${create()}`);
      const { stdout, stderr } = await app.run(node, ['--no-experimental-require-module', file]);
      expect(stderr).toMatch(/dist\/cjs\/index\.js$/m);
      expect(JSON.parse(stdout)).toEqual(created);
    });
  });

  interface Runtime {
    readonly name: string;
    readonly program: string | undefined;
    readonly args: readonly string[];
    /** What it says it is. */
    readonly version: string;
  }
  const runtimes: Runtime[] = [
    { name: 'Node 20', program: node20, args: [], version: 'process.version.slice(0, 4)' },
    { name: 'Deno', program: process.env['VERGE_DENO'], args: ['run', '--node-modules-dir=manual', '--no-remote', '--allow-all'], version: '`Deno ${Deno.version.deno.split(".")[0]}`' },
    { name: 'Bun', program: process.env['VERGE_BUN'], args: ['run'], version: '`Bun ${Bun.version.split(".")[0]}`' },
  ];
  const expected: Readonly<Record<string, string>> = { 'Node 20': 'v20.', Deno: 'Deno 2', Bun: 'Bun 1' };

  // Skipped where npm test could not get the program, and said so.
  describe.each(runtimes)('on $name', ({ name, program, args, version }) => {
    it.skipIf(program === undefined)('creates, sends a file, reads it back, lists, follows and throws', { timeout: 60_000 }, async () => {
      const real = await startServer();
      const file = await app.write(
        `on-${name.replace(' ', '-')}.mjs`,
        `import { readFile, writeFile } from 'node:fs/promises';
         import { NotFound, VergeAI } from '@vergeai/sdk';
         const vergeai = new VergeAI({ apiKey: '${real.key}', baseUrl: '${real.url}' });
         const { project_id } = (await vergeai.Project.create({ project_name: 'Elsewhere' })).body;
         const experiment_id = (await vergeai.Experiment.create({ project_id })).body.ID;
         await writeFile('model.json', '{"w":[1,2.5]}');
         await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model: './model.json', block: true });
         await vergeai.Experiment.current_model({ project_id, experiment_id }).toFile('back.json');
         const listed = [];
         for await (const experiment of vergeai.Experiment.list({ project_id })) listed.push(experiment.experiment_id === experiment_id);
         const told = [];
         for await (const event of vergeai.Experiment.follow({ project_id, experiment_id })) if (told.push(event.type) === 2) break;
         const missing = await vergeai.Experiment.get({ project_id, experiment_id: '0'.repeat(32) }).catch((error) => error instanceof NotFound);
         console.log(JSON.stringify({ version: ${version}, back: await readFile('back.json', 'utf8'), listed, told, missing }));`,
      );
      try {
        const { stdout, stderr } = await app.run(program!, [...args, file], { HOME: app.folder, NO_COLOR: '1' });
        expect(JSON.parse(stdout)).toEqual({ version: expected[name], back: '{"w":[1,2.5]}', listed: [true], told: ['experiment_created', 'start_model_submitted'], missing: true });
        expect(stderr).toBe('');
      } finally {
        await real.stop();
      }
    });
  });
});
