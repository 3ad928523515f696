import { startServer, type RunningServer } from '@vergeai/testkit';
import { execFile } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODEL_FILES } from '../model-files.mjs';

/** Runs one of the example's commands as a person would. Rejects, with what it printed, when it exits with an error. */
const node = (script: string, env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, [fileURLToPath(new URL(`../${script}`, import.meta.url))], {
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
  });

describe('train.mjs', () => {
  test('trains a model that reads nine of ten digits it has not seen, and writes it in both formats', async () => {
    const { stdout } = await node('train.mjs');
    const accuracy = /rounded to four decimals: ([\d.]+) %/.exec(stdout)?.[1];
    expect(Number(accuracy)).toBeGreaterThan(90);

    const model = JSON.parse(await readFile(MODEL_FILES.json, 'utf8')) as Record<string, unknown[]>;
    expect(Object.keys(model)).toEqual(['hidden.weight', 'hidden.bias', 'output.weight', 'output.bias']);
    const { size } = await stat(MODEL_FILES.json);
    expect(size).toBeGreaterThan(350_000);
    expect(size).toBeLessThan(450_000);
  });

  test('both formats hold the same numbers', async () => {
    const json = JSON.parse(await readFile(MODEL_FILES.json, 'utf8')) as Record<string, number[][]>;
    const file = await readFile(MODEL_FILES.safetensors);
    const dataStart = 8 + Number(file.readBigUInt64LE());
    const header = JSON.parse(file.toString('utf8', 8, dataStart)) as Record<string, { data_offsets: [number, number] }>;
    for (const [name, { data_offsets: [begin, end] }] of Object.entries(header)) {
      const data = file.subarray(dataStart + begin, dataStart + end);
      const numbers = Array.from({ length: data.length / 4 }, (_, index) => data.readFloatLE(index * 4));
      expect(numbers, name).toEqual(json[name]?.flat().map(Math.fround));
    }
  });
});

describe('run.mjs against a server', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  test('submits the model in both formats and gets it back byte for byte', async () => {
    const { stdout, stderr } = await node('run.mjs', { VERGEAI_BASE_URL: server.url, VERGEAI_API_KEY: server.key });
    expect(stderr).toBe('');
    for (const file of Object.values(MODEL_FILES)) {
      const { size } = await stat(file);
      expect(stdout).toContain(`size: '${size}'`);
      expect(stdout).toContain(`Downloaded ${size.toLocaleString('en')} bytes: byte for byte ${file.split('/').at(-1)}.`);
    }
  });

  test('says which key is wrong', async () => {
    const run = node('run.mjs', { VERGEAI_BASE_URL: server.url, VERGEAI_API_KEY: 'a-key-of-another-server' });
    await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('does not know this key. Set VERGEAI_API_KEY') });
  });
});

test('run.mjs says how to start a server when there is none', async () => {
  const run = node('run.mjs', { VERGEAI_BASE_URL: 'http://127.0.0.1:9', VERGEAI_API_KEY: 'any' });
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: "There is no server at http://127.0.0.1:9. Start one with `npm start` in the repository's folder, or set VERGEAI_BASE_URL.\n",
  });
});

describe("the README's first program", () => {
  const file = fileURLToPath(new URL('../readme-first.mjs', import.meta.url));
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await server.stop();
    await rm(file, { force: true });
  });

  test('prints what its comments show', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const program = /```ts\n(.*?)```/s.exec(readme)![1];
    const filledIn = program.replace(/apiKey: '[^']*'/, `apiKey: '${server.key}'`).replace('http://127.0.0.1:3000', server.url);
    expect(filledIn).not.toBe(program);
    await writeFile(file, filledIn);
    const { stdout } = await node('readme-first.mjs');
    expect(stdout.match(/statusCode: 204/g)).toHaveLength(3);
    expect(stdout).toContain('hyperparameters: { learning_rate: 0.01 }');
    expect(stdout).toContain('{ statusCode: 204, body: {} }');
    expect(stdout).toContain("size: '55'");
  });
});
