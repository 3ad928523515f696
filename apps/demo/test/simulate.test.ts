import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attacks } from '../src/simulation/attack.js';

const main = fileURLToPath(new URL('../dist/simulation/main.js', import.meta.url));
const run = promisify(execFile);

/** Temporary files of its own, so that what is left over is seen. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simulate-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const command = (...args: string[]) => run(process.execPath, [main, ...args], { env: { PATH: process.env['PATH']!, TMPDIR: folder } });

interface Ended {
  readonly simulations: readonly { readonly accuracy: number; readonly sha256: string; readonly restarts: number; readonly rounds: readonly unknown[] }[];
}

async function simulate(...args: string[]): Promise<Ended['simulations']> {
  const { stdout } = await command(...args, '--json');
  return (JSON.parse(stdout) as Ended).simulations;
}

const clipped = '{"type":"FedAdam","weighting":"uniform","clipping":{"type":"adaptive","initial_norm":1}}';

describe('through a real server', () => {
  it('one that sends the opposite ruins the mean, and a geometric median bears it', async () => {
    const [mean, median] = await simulate('--attack', 'sign:1', '--rounds', '6', '--strategy', 'FedAvg', '--strategy', 'GeometricMedian');
    expect(mean!.accuracy).toBeLessThan(0.25);
    expect(median!.accuracy).toBeGreaterThan(0.8);
  });

  it('one that claims a million examples is the model, unless all count alike', async () => {
    const [examples, uniform] = await simulate('--attack', 'liar:1', '--rounds', '4', '--strategy', 'FedAvg', '--strategy', '{"type":"FedAvg","weighting":"uniform"}');
    expect(examples!.accuracy).toBeLessThan(0.2);
    expect(uniform!.accuracy).toBeGreaterThan(0.7);
  });

  it('the same seed gives the same model and state, bit for bit, and so it does when the server is killed with -9 in every round', async () => {
    const args = ['--strategy', clipped, '--attack', 'noise:1', '--skew', 'dirichlet:0.1', '--rounds', '3', '--seed', '7'];
    const out = path.join(folder, 'elsewhere/final.safetensors');
    const [undisturbed] = await simulate(...args, '--out', out);
    const [killed] = await simulate(...args, '--kill-server');
    expect(killed!.restarts).toBe(3);
    expect(killed!.sha256).toBe(undisturbed!.sha256);
    expect(createHash('sha256').update(await readFile(out)).digest('hex')).toBe(undisturbed!.sha256);
    const [other] = await simulate(...args, '--rounds', '1', '--seed', '8');
    expect(other!.sha256).not.toBe(undisturbed!.sha256);
  });

  it('shows how it goes, a table and a curve, and leaves nothing behind but the picture', async () => {
    const svg = path.join(folder, 'curve.svg');
    const { stdout } = await command('--devices', '30', '--rounds', '2', '--epochs', '2', '--digits', '600', '--strategy', 'FedProx', '--svg', svg);
    expect(stdout).toContain('FedProx: 30 devices, 600 digits, nobody attacks, 2 rounds of 2 epochs, seed 1');
    expect(stdout).toMatch(/round 2 of 2 {3}loss \d\.\d{4} {3}accuracy +\d+\.\d %/);
    expect(stdout).toMatch(/\| FedProx +\| +\d+\.\d % \|/);
    expect(stdout).toMatch(/sha256 [0-9a-f]{64} {2}FedProx/);
    expect(await readFile(svg, 'utf8')).toContain('<polyline');
    expect((await readdir(folder)).filter((name) => name.startsWith('vergeai-'))).toEqual([]);
  });

  it('says what the server says of a strategy that it does not take', async () => {
    await expect(command('--strategy', '{"type":"Krum","num_malicious":4}', '--rounds', '1')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('strategy_needs_more_devices') });
  });
});

describe('the command line', () => {
  it('--help tells every option and every attack', async () => {
    const { stdout } = await command('--help');
    const options = ['--devices', '--rounds', '--strategy', '--attack', '--skew', '--epochs', '--digits', '--seed', '--kill-server', '--svg', '--out', '--json', '--goals', '--seeds'];
    for (const option of options) expect(stdout).toContain(option);
    for (const does of Object.values(attacks)) expect(stdout).toContain(does);
  });

  it.each([
    [['--devices', '1001'], '--devices must be a whole number from 1 to 1000.'],
    [['--attack', 'bribe:1'], '--attack must be one of sign, noise, label, liar'],
    [['--attack', 'sign:0'], '--attack must be a whole number from 1 to 1000.'],
    [['--attack', 'sign:11'], '--attack names more devices than there are.'],
    [['--skew', 'dirichlet:0'], '--skew must be iid, or dirichlet: and a number above 0.'],
    [['--devices', '20', '--digits', '10'], '--digits must be at least --devices'],
    [['--strategy', '{"type"'], '--strategy is no JSON'],
    [['--goals', 'G1,G99'], '--goals knows G1, G2, G3, G4, G5, G6, G7, G8, not G99.'],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j is refused', async (args, sentence) => {
    await expect(command(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  });
});
