import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Options } from '../options.js';
import type { describeMachine } from './machine.js';
import type { SoakResult } from './soak.js';

const page = fileURLToPath(new URL('../../../../docs/reliability.md', import.meta.url));
/** The table's last line is the one before this. */
const END = '<!-- end of results -->';

/** One line of the table in docs/reliability.md. */
export function resultRow(options: Options, machine: ReturnType<typeof describeMachine>, result: SoakResult): string {
  const { rounds, violations, seconds } = result;
  const total = (of: (round: (typeof rounds)[number]) => number) => rounds.reduce((sum, round) => sum + of(round), 0);
  const count = (name: string) => total(({ counts }) => counts[name] ?? 0);
  const faults = (kind: string) => total(({ moments }) => Object.entries(moments).reduce((sum, [moment, times]) => sum + (moment.startsWith(`${kind} at`) ? times : 0), 0));
  const did = [
    [total(({ killed }) => killed), 'kills'],
    [faults('freeze'), options.freezes > 0 ? 'freezes' : 'suspensions'],
    [faults('clock set'), 'clocks set'],
    [total(({ work, played }) => (work.kind === 'races' ? played : 0)), 'races'],
    [total(({ work, played }) => (work.kind === 'fuzz' ? played : 0)), 'fuzzed requests'],
    [total(({ memory }) => memory.length), `minutes at a steady load, memory ${memoryOf(rounds)}`],
  ] as const;
  const cells = [
    new Date().toISOString().slice(0, 10),
    options.database === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    did.filter(([number]) => number > 0).map(([number, what]) => `${number.toLocaleString('en')} ${what}`).join(', '),
    `${count('done device.submit_model_update').toLocaleString('en')} updates, ${count('done job.create').toLocaleString('en')} jobs, ${total(({ requests }) => requests).toLocaleString('en')} requests`,
    violations.length === 0 ? 'none' : String(violations.length),
    `${Math.round(seconds / 60)} min`,
    `${machine.processors} × ${machine.processor}, load ${machine.load} at the start`,
    `\`${commandOf(options)}\``,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** At the start, in the middle and at the end of each curve. */
const memoryOf = (rounds: SoakResult['rounds']): string =>
  rounds.filter(({ memory }) => memory.length > 0).map(({ memory }) => `${[memory[0], memory[memory.length >> 1], memory.at(-1)].join(' → ')} MiB`).join('; ');

export function commandOf({ kills, freezes, races, fuzz, steady, database, seed, minutes, lanes, perFolder, disturb }: Options): string {
  const flags = Object.entries({ kills, freezes, races, fuzz, steady }).filter(([, value]) => value > 0);
  const others = [...(disturb ? ['--disturb'] : []), ...(lanes === 2 ? [] : [`--lanes ${lanes}`]), ...(perFolder === 50 ? [] : [`--per-folder ${perFolder}`]), ...(minutes === 24 * 60 ? [] : [`--minutes ${minutes}`])];
  return ['npm run soak --', ...flags.map(([name, value]) => `--${name} ${value}`), `--database ${database}`, ...others, `--seed ${seed}`].join(' ');
}

export async function addToPage(row: string): Promise<void> {
  const text = await readFile(page, 'utf8');
  if (!text.includes(END)) throw new Error(`docs/reliability.md has no line "${END}"`);
  await writeFile(page, text.replace(END, `${row}\n${END}`));
}
