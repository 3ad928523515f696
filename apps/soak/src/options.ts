import { parseArgs } from 'node:util';
import type { Attack } from './attacks/attack.js';
import { attacks } from './attacks/attacks.js';

export interface Options {
  readonly kills: number;
  readonly freezes: number;
  readonly races: number;
  readonly fuzz: number;
  /** Minutes at a steady load. */
  readonly steady: number;
  readonly database: 'sqlite' | 'postgresql';
  readonly seed: number;
  /** Begin nothing more after so many. */
  readonly minutes: number;
  /** Data folders at a time. */
  readonly lanes: number;
  /** Kills per data folder. */
  readonly perFolder: number;
  readonly json: string | undefined;
  /** Wall clocks are set and servers suspended between the kills. */
  readonly disturb: boolean;
  readonly record: boolean;
  /** The attacks to make, instead of all the above; undefined: none. */
  readonly attacks: readonly Attack[] | undefined;
}

/** What somebody typed makes no sense; the message says why. */
export class UsageError extends Error {}

export const HELP = `npm run soak -- [flags]

Kills the server, races against it and feeds it nonsense, and then holds its data to every promise of docs/reliability.md.
Without a number for any of them it kills 100 times.

  --kills N         kill -9 the server N times, at random and at chosen moments of its work
  --freezes N       two servers on one PostgreSQL, N times one of them killed or frozen in turn
  --races N         N rounds of 64 creators, cancellers and submitters at once
  --fuzz N          N requests made from the server's own description, sound and spoiled
  --steady N        N minutes at a steady load without a fault; from 8 on memory must be flat after the first quarter
  --disturb         between the kills also set the server's wall clock, up to an hour off, and suspend it for up to 12 s
  --database NAME   sqlite (default) or postgresql, which comes from npm and is started for the run
  --seed S          replays the choices of a run; printed when left out
  --minutes M       begin nothing more after M minutes
  --lanes N         data folders at a time (default 2)
  --per-folder N    kills before a data folder is checked and a new one begun (default 50)
  --attacks         instead of all these: make every attack that is listed below, one after the other
  --only NAME       of the attacks only this one; may be given more than once
  --json FILE       write all results there
  --record          add a line to the table in docs/reliability.md
  --help

The attacks, each on a server of its own that it must not be able to end; one that succeeds is told, and makes the exit code 1:

${attacks.map(({ name, what }) => `  ${name.padEnd(18)}${what}`).join('\n')}
`;

/** undefined: help was asked for. Throws a UsageError. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const whole = (name: keyof typeof values, fallback: number, least = 0): number => {
    const text = values[name];
    if (text === undefined) return fallback;
    if (typeof text !== 'string' || !/^\d{1,10}$/.test(text) || Number(text) < least) throw new UsageError(`--${name} must be a whole number${least > 0 ? ` from ${least}` : ''}.`);
    return Number(text);
  };
  const chosen = chooseAttacks(values);
  const { database = 'sqlite' } = values;
  if (database !== 'sqlite' && database !== 'postgresql') throw new UsageError('--database is sqlite or postgresql.');
  const asked = { kills: whole('kills', 0), freezes: whole('freezes', 0), races: whole('races', 0), fuzz: whole('fuzz', 0), steady: whole('steady', 0) };
  if (asked.freezes > 0 && database === 'sqlite') throw new UsageError('--freezes needs --database postgresql: on SQLite there is one server.');
  return {
    ...asked,
    kills: Object.values(asked).every((count) => count === 0) ? 100 : asked.kills,
    database,
    seed: whole('seed', Math.floor(Math.random() * 2 ** 32)),
    minutes: whole('minutes', 24 * 60, 1),
    lanes: whole('lanes', 2, 1),
    perFolder: whole('per-folder', 50, 1),
    json: values.json,
    disturb: values.disturb ?? false,
    record: values.record ?? false,
    attacks: chosen,
  };
}

const ALONE = ['kills', 'freezes', 'races', 'fuzz', 'steady', 'disturb', 'record', 'database'] as const;

function chooseAttacks({ attacks: asked = false, only, ...others }: ReturnType<typeof parse>['values']): readonly Attack[] | undefined {
  if (!asked) {
    if (only) throw new UsageError('--only goes with --attacks.');
    return undefined;
  }
  const other = ALONE.find((name) => others[name] !== undefined);
  if (other) throw new UsageError(`--attacks goes without --${other}.`);
  const unknown = only?.find((name) => attacks.every((attack) => attack.name !== name));
  if (unknown !== undefined) throw new UsageError(`There is no attack ${unknown}: they are ${attacks.map(({ name }) => name).join(', ')}.`);
  return only ? attacks.filter(({ name }) => only.includes(name)) : attacks;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' as const };
  const flag = { type: 'boolean' as const };
  try {
    return parseArgs({
      // npm hands over the "--" as well.
      args: args.filter((each) => each !== '--'),
      options: { kills: text, freezes: text, races: text, fuzz: text, steady: text, database: text, seed: text, minutes: text, lanes: text, 'per-folder': text, json: text, attacks: flag, only: { ...text, multiple: true }, disturb: flag, record: flag, help: flag },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
