import type { Command, OptionValues } from '@commander-js/extra-typings';
import { collect } from '../program/duration.js';
import { readNamedJson } from '../program/read-input.js';
import { UsageError } from '../program/usage-error.js';

export interface ParameterOptions {
  readonly param?: readonly string[] | undefined;
  readonly params?: string | undefined;
}

/** Adds what takes hyperparameters. */
export const parameterOptions = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  command
    .option('-p, --param <name=value>', 'a hyperparameter; JSON when it is JSON, else text (name:=value: always JSON)', collect)
    .option('--params <file>', 'hyperparameters from a JSON file, or - for stdin');

/** All that were given; undefined when none were. @throws UsageError */
export async function hyperparameters({ param = [], params }: ParameterOptions): Promise<Record<string, unknown> | undefined> {
  if (params === undefined && param.length === 0) return undefined;
  const fromFile = params === undefined ? {} : await readNamedJson(params);
  if (typeof fromFile !== 'object' || fromFile === null || Array.isArray(fromFile)) throw new UsageError(`${params} is not a JSON object.`);
  return { ...fromFile, ...Object.fromEntries(param.map(assignment)) };
}

/** `lr=0.01` and `note:="1"`. */
export function assignment(text: string): [name: string, value: unknown] {
  const [, name, colon, value] = /^([^=]*?)(:?)=(.*)$/s.exec(text) ?? [];
  if (!name) throw new UsageError(`"${text}" is no hyperparameter.`, 'Write it as -p learning_rate=0.01');
  try {
    const parsed: unknown = JSON.parse(value!);
    // More digits than a number can hold, such as a seed, would be changed.
    if (typeof parsed === 'number' && /^-?\d+$/.test(value!)) return [name, Number.isSafeInteger(parsed) ? parsed : BigInt(value!)];
    return [name, parsed];
  } catch {
    if (colon) throw new UsageError(`The value of "${text}" is not JSON.`);
    return [name, value];
  }
}
