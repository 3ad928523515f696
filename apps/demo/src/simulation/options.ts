import { parseArgs } from 'node:util';
import type { Strategy } from '../experiment.js';
import { UsageError, wholeNumber } from '../usage-error.js';
import { attacks, type Attack, type AttackKind } from './attack.js';
import { goalNames } from './goals.js';
import { HELD_OUT } from './held-out.js';
import type { Simulation } from './simulation.js';
import type { Skew } from './split-digits.js';

export interface SimulateOptions {
  /** One after the other, each with a strategy of its own. */
  readonly simulations: readonly Simulation[];
  /** Instead of these: the table of goals, with these seeds. */
  readonly goals: { readonly only: readonly string[]; readonly seeds: readonly number[] } | undefined;
  /** Where the curve goes as a picture. */
  readonly svg: string | undefined;
  /** Where the final model of the last simulation goes. */
  readonly out: string | undefined;
  readonly json: boolean;
}

const ALL_DIGITS = 10_000;

export const HELP = `npm run simulate -- [options]

Devices train handwritten digits together through a real server, over HTTP, on this machine: with liars among them if you like, with
digits that differ from device to device, and with a server that dies in every round. A perceptron (784-32-10) learns; ${HELD_OUT.toLocaleString('en')} digits
that no device has judge it.

  --devices N          how many, up to 1,000 (10)
  --rounds N           how many jobs, one after another (20)
  --strategy NAME|JSON what makes one model of their updates; more than once to compare (FedAvg)
  --attack KIND:N      N devices (1 when left out) attack:
${Object.entries(attacks).map(([kind, does]) => `                         ${kind.padEnd(6)} ${does}`).join('\n')}
  --skew iid           every device has digits of any label (so when left out)
  --skew dirichlet:A   each label is on few devices, the fewer the smaller A is
  --epochs N           how often a device goes through its digits in a round (1)
  --digits N           how many digits all devices have together, up to ${(ALL_DIGITS - HELD_OUT).toLocaleString('en')} (5,000)
  --seed N             another seed, another course; the same one gives the same model, bit for bit (1)
  --kill-server        kill -9 the server in every round, to see that it changes nothing
  --svg FILE           the curve as a picture
  --out FILE           where the final model goes, in safetensors format
  --json               print one JSON object at the end, and the course of it to stderr
  --goals [G1,G2,…]    run the table of docs/strategies.md instead, and say which goals hold (exit code 1: not all)
  --seeds N,N,…        with these seeds (1)
  --help               this text

A strategy as the API takes it: FedMedian, or '{"type":"FedAdam","combine":{"type":"GeometricMedian"}}'.
`;

/** Undefined when help was asked for. Throws a UsageError. */
export function readOptions(args: readonly string[]): SimulateOptions | undefined {
  const values = parse(withGoals(args));
  if (values.help) return undefined;
  const setting = {
    devices: wholeNumber('--devices', values.devices, 10, 1, 1000),
    rounds: wholeNumber('--rounds', values.rounds, 20, 1, 1000),
    skew: skew(values.skew ?? 'iid'),
    epochs: wholeNumber('--epochs', values.epochs, 1, 1, 100),
    digits: wholeNumber('--digits', values.digits, 5000, 1, ALL_DIGITS - HELD_OUT),
    seed: seed('--seed', values.seed),
    killServer: values['kill-server'] ?? false,
    attack: values.attack === undefined ? undefined : attack(values.attack),
  };
  if (setting.digits < setting.devices) throw new UsageError('--digits must be at least --devices: every device has one.');
  if (setting.attack && setting.attack.count > setting.devices) throw new UsageError('--attack names more devices than there are.');
  return {
    simulations: (values.strategy ?? ['FedAvg']).map((text) => ({ ...setting, strategy: strategy(text) })),
    goals: values.goals === undefined ? undefined : { only: goals(values.goals), seeds: (values.seeds ?? '1').split(',').map((text) => seed('--seeds', text)) },
    svg: values.svg,
    out: values.out,
    json: values.json ?? false,
  };
}

/** `--goals` may stand alone. */
const withGoals = (args: readonly string[]): string[] => args.flatMap((arg, at) => (arg === '--goals' && (args[at + 1] ?? '--').startsWith('--') ? ['--goals='] : [arg]));

function parse(args: readonly string[]) {
  const [text, flag] = [{ type: 'string' as const }, { type: 'boolean' as const }];
  const options = {
    devices: text, rounds: text, strategy: { ...text, multiple: true as const }, attack: text, skew: text, epochs: text, digits: text, seed: text, svg: text, out: text, goals: text, seeds: text,
    'kill-server': flag, json: flag, help: flag,
  };
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const seed = (name: string, text: string | undefined) => wholeNumber(name, text, 1, 0, 2 ** 31 - 1);

function skew(text: string): Skew {
  if (text === 'iid') return text;
  const number = /^dirichlet:(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  if (number === undefined || !(Number(number) > 0)) throw new UsageError('--skew must be iid, or dirichlet: and a number above 0.');
  return { dirichlet: Number(number) };
}

function attack(text: string): Attack {
  const [kind, count = '1'] = text.split(':') as [string, string?];
  if (!Object.hasOwn(attacks, kind)) throw new UsageError(`--attack must be one of ${Object.keys(attacks).join(', ')}, and after a colon by how many devices.`);
  return { kind: kind as AttackKind, count: wholeNumber('--attack', count, 1, 1, 1000) };
}

/** Whether it is a strategy is for the server to say. */
function strategy(text: string): Strategy {
  if (!text.trimStart().startsWith('{')) return text as Strategy;
  try {
    return JSON.parse(text) as Strategy;
  } catch {
    throw new UsageError(`--strategy is no JSON: ${text}`);
  }
}

function goals(text: string): string[] {
  const only = text.split(',').filter((name) => name !== '');
  const unknown = only.find((name) => !goalNames.includes(name));
  if (unknown !== undefined) throw new UsageError(`--goals knows ${goalNames.join(', ')}, not ${unknown}.`);
  return only.length === 0 ? [...goalNames] : only;
}
