import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyMoment, eventually, seededRandom, startServer, testSeed, type RunningServer } from '@vergeai/testkit';
import type { DemoResult } from '../src/demo.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const run = promisify(execFile);

/** A small share of the demo: it takes seconds, and 60 % is far more than any one device could know. */
const SMALL = ['--jobs', '3', '--digits', '1200', '--seed', '5', '--json'];

/** Temporary files of its own, so that what is left over is seen. */
let folder: string;
const environment = () => ({ PATH: process.env['PATH']!, TMPDIR: folder });

function demo(...args: string[]): Promise<DemoResult> & { said(): string } {
  const running = run(process.execPath, [main, ...SMALL, ...args], { env: environment() });
  let said = '';
  running.child.stderr!.on('data', (chunk: Buffer) => (said += String(chunk)));
  return Object.assign(running.then(({ stdout }) => JSON.parse(stdout) as DemoResult), { said: () => said });
}

let undisturbed: DemoResult;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demo-test-'));
  undisturbed = await demo();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the demo', () => {
  it('trains a model that reads held-out digits better than a device that trains alone', async () => {
    const { jobs, devices, accuracy, alone, restarts, model, held_out } = undisturbed;
    expect(jobs).toHaveLength(3);
    expect(held_out).toBe(120);
    expect(devices.reduce((sum, { digits }) => sum + digits, 0)).toBe(1080);
    expect(devices.map(({ device_id }) => device_id)).toEqual(devices.map(({ device_id }) => device_id).sort());
    expect(accuracy).toBeGreaterThan(0.7);
    expect(accuracy).toBeGreaterThan(alone.accuracy + 0.05);
    expect(jobs.at(-1)!.loss).toBeLessThan(jobs[0]!.loss);
    expect(restarts).toBe(0);
    const bytes = await readFile(model.file);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(model.sha256);
  });

  it('leaves the trained model and nothing else', async () => {
    const kept = path.dirname(undisturbed.model.file);
    expect(path.dirname(kept)).toBe(folder);
    expect(await readdir(kept)).toEqual(['model.safetensors']);
  });

  it('makes the same model from the same seed, and another one from another seed', async () => {
    const out = path.join(folder, 'elsewhere/again.safetensors');
    const again = await demo('--out', out);
    expect(again.model).toEqual({ ...undisturbed.model, file: out });
    expect(again.jobs.map(({ loss }) => loss)).toEqual(undisturbed.jobs.map(({ loss }) => loss));
    const other = await demo('--seed', '6', '--jobs', '1', '--digits', '200');
    expect(other.model.sha256).not.toBe(undisturbed.model.sha256);
  });

  it('makes the same model, bit for bit, when its server is killed with -9 in the middle', async () => {
    const crashed = await demo('--crash');
    expect(crashed.restarts).toBe(1);
    expect(crashed.model.sha256).toBe(undisturbed.model.sha256);
  });

  it('ends everything it started when it is stopped', async () => {
    const child = spawn(process.execPath, [main, '--jobs', '50'], { env: environment() });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
    const url = await eventually('it trains', () => output.includes('held out') && /http:\/\/\S+(?=,)/.exec(output)?.[0], 100_000);
    child.kill('SIGTERM');
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(130);
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
    expect((await readdir(folder)).filter((name) => name.startsWith('vergeai-demo-')).length).toBeLessThanOrEqual(4);
  });
});

describe('on a server that runs already', () => {
  let server: RunningServer;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = path.join(folder, 'server');
    server = await startServer({ dataDir });
  });
  afterAll(() => server.stop());

  it('makes the same model too, while somebody kills that server with -9, again and again, and starts it again', async () => {
    const ended = demo('--url', server.url, '--key', server.key);
    let over = false;
    void ended.then(
      () => (over = true),
      () => (over = true),
    );
    await eventually('it trains', () => over || ended.said().includes('held out'), 100_000);
    let kills = 0;
    const random = seededRandom(testSeed('kills of a demo'));
    // The first at once: a fast machine is soon through.
    for (const withinMs of [0, 1_000, 1_000]) {
      await anyMoment(random, withinMs);
      if (over) break;
      await server.kill();
      kills++;
      server = await startServer({ dataDir, env: { PORT: new URL(server.url).port } });
    }
    const result = await ended;
    expect(kills).toBeGreaterThan(0);
    expect(result.restarts).toBe(0);
    expect(result.url).toBe(server.url);
    expect(result.model.sha256).toBe(undisturbed.model.sha256);
  });
});

describe('the command line', () => {
  const refused = (...args: string[]) => run(process.execPath, [main, ...args], { env: environment() });

  it('--help tells every option', async () => {
    const { stdout } = await refused('--help');
    for (const option of ['--jobs', '--seed', '--digits', '--crash', '--out', '--keep', '--json', '--url', '--key']) expect(stdout).toContain(option);
  });

  it.each([
    [['--jobs', '0'], '--jobs must be a whole number from 1 to 1000.'],
    [['--url', 'http://127.0.0.1:9'], '--url needs --key'],
    [['--url', 'http://127.0.0.1:9', '--key', 'k', '--crash'], 'do not go with --url'],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j is refused', async (args, sentence) => {
    await expect(refused(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  });

  it('says when there is no server', async () => {
    await expect(refused('--url', 'http://127.0.0.1:9', '--key', 'k', '--digits', '200')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('There is no server there') });
  });
});
