import { execFile } from 'node:child_process';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { NotHere, onServer, type Attack } from '../src/attacks/attack.js';
import { attacks } from '../src/attacks/attacks.js';
import { lateRevocations } from '../src/attacks/late-revocations.js';
import { manyTensors } from '../src/attacks/many-tensors.js';
import { projectLimit } from '../src/attacks/project-limit.js';
import { runAttacks } from '../src/attacks/run-attacks.js';
import { sameKey } from '../src/attacks/same-key.js';
import { smuggling } from '../src/attacks/smuggling.js';
import { tamperedTickets } from '../src/attacks/tampered-tickets.js';
import { readOptions, UsageError, HELP } from '../src/options.js';

const attack = (run: Attack['run']): Attack => ({ name: 'a', what: 'something', run });

async function made(...some: Attack[]) {
  const lines: string[] = [];
  const results = await runAttacks(some, (line) => lines.push(line));
  return { results, text: lines.join('\n') };
}

describe('an attack', () => {
  it('that finds nothing has been held, and tells what it saw', async () => {
    const { results, text } = await made(attack(async (say) => {
      say('nothing happened');
      return [];
    }));
    expect(results).toEqual([{ name: 'a', seconds: 0, seen: ['nothing happened'], violations: [] }]);
    expect(text).toBe('1 of 1, a: something\n  nothing happened\n  held, after 0 s\n');
  });

  it('that succeeds is told with every violation, each once', async () => {
    const { results, text } = await made(attack(async () => ['It fell.', 'It fell.', 'It lied.']));
    expect(results[0]!.violations).toEqual(['It fell. (2 times)', 'It lied.']);
    expect(text).toContain('  - It fell. (2 times)\n  - It lied.\n  FAILED: 2 violations');
  });

  it('that breaks itself is no success of the server\'s, and one that can\'t be made here is told', async () => {
    const { results, text } = await made(
      attack(async () => {
        throw new Error('unexpected');
      }),
      attack(async () => {
        throw new NotHere('no such thing');
      }),
    );
    expect(results[0]!.violations[0]).toMatch(/^The attack could not be made: Error: unexpected/);
    expect(results[1]).toMatchObject({ violations: [], skipped: 'no such thing' });
    expect(text).toContain('SKIPPED: no such thing');
  });

  it('that ends its server has succeeded, whatever it says', async () => {
    const { results } = await made(attack(onServer(async (server) => {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
      return [];
    })));
    expect(results[0]!.violations).toEqual([expect.stringMatching(/^The server ended \(SIGKILL\)/)]);
  });

  it('whose server does not end with 0 has succeeded', async () => {
    const otherEnd = "data:text/javascript,process.once('exit',()=>{process.exitCode=7})";
    const { results } = await made(attack(onServer(async () => [], { env: { NODE_OPTIONS: `--import=${otherEnd}` } })));
    expect(results[0]!.violations).toEqual(['Told to stop, the server ended with 7.']);
  });
});

describe('npm run soak -- --attacks', () => {
  it('has a name for each, told by --help, and makes all of them or those that are asked for', () => {
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
    for (const { name, what } of attacks) expect(HELP).toContain(`${name.padEnd(18)}${what}`);
    expect(readOptions(['--attacks'])!.attacks).toBe(attacks);
    expect(readOptions(['--', '--attacks', '--only', 'smuggling', '--only', 'same-key'])!.attacks!.map(({ name }) => name)).toEqual(['same-key', 'smuggling']);
    expect(readOptions([])!.attacks).toBeUndefined();
  });

  it.each([['--attacks', '--only', 'nonsense'], ['--only', 'smuggling'], ['--attacks', '--kills', '3'], ['--attacks', '--record'], ['--attacks', '--database', 'postgresql']])('refuses %s %s %s', (...flags) => {
    expect(() => readOptions(flags.filter(Boolean))).toThrow(UsageError);
  });

  it('prints what it does and how it ended, writes the results where --json says, and exits with 0 when all held', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-attacks-'));
    try {
      const file = path.join(folder, 'results.json');
      const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [main, '--attacks', '--only', 'smuggling', '--json', file]);
      expect(stdout).toMatch(/1 of 1, smuggling: 3000 requests [^\n]+\n {2}400 × 3000\n(.+\n)* {2}held, after \d+ s\n\nEvery attack was held off: 1\.\n$/);
      expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ attacks: [{ name: 'smuggling', violations: [] }] });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('holds, in small, all that need nothing of the machine', async () => {
    const { results } = await made(lateRevocations(20), manyTensors(200_000, 2), sameKey(10, 4), tamperedTickets(200), smuggling(100), projectLimit(1, 60));
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
    expect(results).toHaveLength(6);
  });
});
