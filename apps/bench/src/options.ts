import { parseArgs } from 'node:util';

const benchmarkNames = ['get', 'create', 'upload', 'rounds', 'aggregation', 'lists', 'ready', 'python', 'sdk', 'cli'] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];

export interface Options {
  readonly only: readonly BenchmarkName[];
  /** Where to write everything that was measured. */
  readonly json: string | undefined;
  /** Where to put a CPU profile of each of our servers. */
  readonly profile: string | undefined;
  /** How often each side is measured. */
  readonly rounds: number;
  /** How long one round of get or create takes. */
  readonly seconds: number;
}

export const HELP = `npm run bench -- [options]

Compares the built server with bare ones on this machine, and prints ratios.

  --only get,create        just these, of ${benchmarkNames.join(', ')}
  --rounds 7               how often each side is measured, in turns; the median counts
  --seconds 4              how long one round of get or create takes
  --json <file>            also write everything that was measured
  --profile <folder>       also write V8 CPU profiles of our servers (slows them down a little)
  --help                   this
`;

export class UsageError extends Error {}

/** Throws a UsageError for options that make no sense; undefined means that help was asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    only: namesOf(values.only),
    json: values.json,
    profile: values.profile,
    rounds: count('--rounds', values.rounds),
    seconds: count('--seconds', values.seconds),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: benchmarkNames.join(',') },
        rounds: { type: 'string', default: '7' },
        seconds: { type: 'string', default: '4' },
        json: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function namesOf(list: string): BenchmarkName[] {
  const asked = list.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !(benchmarkNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no benchmark "${unknown}". There are: ${benchmarkNames.join(', ')}.`);
  return benchmarkNames.filter((name) => asked.includes(name));
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`${option} must be a whole number, 1 or more.`);
  return value;
}
