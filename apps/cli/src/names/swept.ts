import type { SweepCreateInput } from '@vergeai/sdk';
import { UsageError } from '../program/usage-error.js';

export type SearchSpace = SweepCreateInput['hyperparameters'];

/**
 * What is to be tried: `lr=0.1,0.01` is a list of values, `lr=0.0001..0.1` the numbers between two bounds, and with `:log` behind it
 * every power of ten is as likely. `layers:=[[64],[64,32]]` is a list of values in JSON.
 * @throws UsageError
 */
export const searchSpace = (texts: readonly string[]): SearchSpace => Object.fromEntries(texts.map(swept));

function swept(text: string): [path: string, dimension: SearchSpace[string]] {
  const [, path, colon, given] = /^([^=]*?)(:?)=(.+)$/s.exec(text) ?? [];
  if (!path || given === undefined) throw new UsageError(`"${text}" is nothing to try.`, 'Write it as --try learning_rate=0.1,0.01 or --try learning_rate=0.0001..0.1:log');
  if (colon) return [path, { values: listIn(given, text) }];
  const [, min, max, scale] = /^(.+?)\.\.(.+?)(?::(linear|log))?$/s.exec(given) ?? [];
  if (min !== undefined && max !== undefined && isNumber(min) && isNumber(max)) return [path, { min: Number(min), max: Number(max), ...(scale !== undefined && { scale: scale as 'linear' | 'log' }) }];
  return [path, { values: given.split(',').map(valueOf) }];
}

type Value = NonNullable<SearchSpace[string]['values']>[number];

const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));

/** JSON where it is JSON, else text. */
function valueOf(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

function listIn(text: string, whole: string): readonly Value[] {
  const value: unknown = valueOf(text);
  if (!Array.isArray(value)) throw new UsageError(`"${whole}" is not a list in JSON.`, "Such as --try 'layers:=[[64],[64,32]]'");
  return value as Value[];
}
