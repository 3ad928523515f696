import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeTypes, packedApp, type PackedApp } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let app: PackedApp;
beforeAll(async () => {
  app = await packedApp('domain', 'sdk');
}, 120_000);
afterAll(() => app[Symbol.asyncDispose]());

const compilers = { '5.9': 'typescript-5', '7': 'typescript' } as const;
const compiler = (version: keyof typeof compilers) => path.join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules', compilers[version], 'bin/tsc');

const body = `
  const vergeai = new VergeAI({ apiKey: 'key', fetch: (url, init) => fetch(url, init) });
  export async function use(model: ModelInput, project_id: string, experiment_id: string): Promise<string | undefined> {
    const { statusCode, body } = await vergeai.Experiment.create({ project_id });
    const printed: 204 = statusCode;
    // @ts-expect-error not 200, and so not any
    const wrong: 200 = statusCode;
    // @ts-expect-error no such key
    body.nothing;
    const input: JobListInput = { project_id, experiment_id, status: 'FAILED' };
    await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model, block: true }, { signal: AbortSignal.timeout(5) });
    for await (const job of vergeai.Job.list(input)) console.log(job.status, printed, wrong);
    const bytes: Uint8Array = await vergeai.Experiment.current_model({ project_id, experiment_id }).bytes();
    new Blob([await vergeai.Experiment.current_model({ project_id, experiment_id }).bytes()]);
    console.log(describe('experiment.get', { project_id, experiment_id }).url, operations['job.list'].path);
    try { return body.ID + bytes.length; } catch (error) { return error instanceof APIError ? error.code : undefined; }
  }`;
const imported = `import { APIError, describe, operations, VergeAI, type JobListInput, type ModelInput } from '@vergeai/sdk';${body}`;
const required = `import sdk = require('@vergeai/sdk'); const { APIError, describe, operations, VergeAI } = sdk; type JobListInput = sdk.JobListInput; type ModelInput = sdk.ModelInput;${body}`;

type Options = Readonly<Record<string, unknown>>;
const nodeNext = { module: 'NodeNext', moduleResolution: 'NodeNext' };
const bundler = { module: 'ESNext', moduleResolution: 'bundler' };

/** Without `skipLibCheck`: what is checked is what is shipped. */
async function complaints(version: keyof typeof compilers, file: string, source: string, options: Options): Promise<string> {
  await app.write(file, source);
  const compilerOptions = { strict: true, noEmit: true, target: 'ES2022', exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, types: [], ...options };
  const config = await app.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }));
  const { stdout } = await app.run(process.execPath, [compiler(version), '-p', config]).catch((error: { stdout: string }) => error);
  return stdout;
}

describe.each(['5.9', '7'] as const)('the types of the packed tarball, read by TypeScript %s in an empty project,', (version) => {
  it.each<[string, string, string, Options]>([
    ['as an ES module', 'app.mts', imported, nodeNext],
    ['as CommonJS', 'app.cts', required, nodeNext],
    ['as CommonJS, written like an ES module', 'app.cts', imported, nodeNext],
    ['through a bundler', 'app.ts', imported, bundler],
    ['in Node without what browsers have', 'app.mts', imported, { ...nodeNext, lib: ['ES2022'], types: ['node'], typeRoots: [nodeTypes(import.meta.url)] }],
  ])('are whole %s', { timeout: 60_000 }, async (_, file, source, options) => {
    expect(await complaints(version, file, source, options)).toBe('');
  });
});

it.each([
  ['Node16', { module: 'Node16', moduleResolution: 'Node16' }],
  ['the resolution of old', { module: 'CommonJS', moduleResolution: 'node10', ignoreDeprecations: '5.0' }],
])('TypeScript 5.9 reads them as CommonJS by %s, too', { timeout: 60_000 }, async (_, options) => {
  expect(await complaints('5.9', 'app.cts', required, options)).toBe('');
});
