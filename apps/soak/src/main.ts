import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runAttacks } from './attacks/run-attacks.js';
import type { Attack } from './attacks/attack.js';
import { HELP, readOptions, UsageError } from './options.js';
import { describeMachine } from './run/machine.js';
import { addToPage, commandOf, resultRow } from './run/record.js';
import type { RoundResult } from './run/round.js';
import { soak } from './run/soak.js';

// Servers end with this process, which ends as soon as it is asked to.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const say = (text: string) => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    say(HELP);
    return 0;
  }
  const machine = describeMachine();
  say(`${machine.processors} × ${machine.processor}, ${machine.system}, Node ${machine.node}, load ${machine.load}`);
  if (options.attacks) return attack(options.attacks, options.json, machine);
  say(`seed ${options.seed}; once more: ${commandOf(options)}\n`);
  const result = await soak(options, (round) => say(describe(round)));
  const total = result.violations.length;
  say(`\n${total === 0 ? 'Every promise was kept' : `${total} violations`}, in ${result.seconds} s.`);
  await write(options.json, { machine, options, ...result });
  if (options.record) await addToPage(resultRow(options, machine, result));
  return total === 0 ? 0 : 1;
}

async function attack(attacks: readonly Attack[], file: string | undefined, machine: object): Promise<number> {
  say('');
  const results = await runAttacks(attacks, say);
  const [failed, skipped] = [results.filter(({ violations }) => violations.length > 0), results.filter((result) => result.skipped)];
  say(failed.length > 0 ? `Not all held: ${failed.map(({ name }) => name).join(', ')}.` : `Every attack was held off: ${results.length - skipped.length}${skipped.length > 0 ? `, and ${skipped.length} skipped` : ''}.`);
  await write(file, { machine, attacks: results });
  return failed.length > 0 ? 1 : 0;
}

/** Paths are meant from where `npm run soak` was typed. */
async function write(file: string | undefined, results: object): Promise<void> {
  if (file) await writeFile(path.resolve(process.env['INIT_CWD'] ?? '.', file), `${JSON.stringify(results, undefined, 2)}\n`);
}

function describe(result: RoundResult): string {
  const { moments, checked, violations, folder } = result;
  const did = whatWasDone(result);
  const where = Object.entries(moments).map(([moment, times]) => `${times} ${moment}`).join(', ');
  return [`${did}: ${checked}${where && `\n  ${where}`}`, ...violations.map((sentence) => `  - ${sentence}`), ...(folder ? [`  All of it is in ${folder}`] : [])].join('\n');
}

function whatWasDone({ work, killed, frozen, played, memory, restMs }: RoundResult): string {
  if (work.kind === 'races') return `${played} rounds of races`;
  if (work.kind === 'fuzz') return `${played} fuzzed requests`;
  const rest = `at rest after ${(restMs / 1000).toFixed(1)} s`;
  if (work.kind === 'steady') return `${memory.length} minutes at a steady load, memory ${memory.join(', ')} MiB, ${rest}`;
  return `${killed} kills${frozen > 0 ? ` and ${frozen} freezes` : ''}, ${rest}`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(error instanceof UsageError ? `${error.message}\n\n${HELP}` : `${String((error as Error).stack)}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
