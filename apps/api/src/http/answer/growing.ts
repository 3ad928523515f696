import { writeJson } from '@vergeai/contract';
import { z } from 'zod';

/**
 * An answer that is not read as a whole before it is sent. Where the contract has a list or a dictionary, it may be given
 * batch by batch (of items, or of pairs of key and value); what is known only when all before it was read is a function.
 */
export type Growing<T> = T | (() => T) | Batches<T>;

type Batches<T> = T extends readonly (infer Item)[]
  ? AsyncIterable<readonly Growing<Item>[]>
  : T extends object
    ? AsyncIterable<readonly (readonly [string, Growing<T[keyof T]>])[]> | { readonly [Key in keyof T]: Growing<T[Key]> }
    : never;

const comesInBatches = (value: unknown): value is AsyncIterable<readonly unknown[]> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** Whether any part of an answer still has to be read. It looks no deeper than where the contract has members of fixed names. */
export function grows(value: unknown, schema: z.ZodType): boolean {
  if (typeof value === 'function' || comesInBatches(value)) return true;
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return false;
  return Object.entries(schema.shape).some(([key, member]) => grows((value as Record<string, unknown>)[key], member as z.ZodType));
}

/**
 * The JSON of an answer, piece by piece, each held to the contract before it is given. Nothing is kept of a batch once its
 * text was taken.
 */
export async function* jsonPieces(value: unknown, schema: z.ZodType): AsyncGenerator<string, undefined> {
  if (typeof value === 'function') yield textOf((value as () => unknown)(), schema);
  else if (comesInBatches(value)) yield* collection(value, schema);
  else if (grows(value, schema)) yield* members(value as Record<string, unknown>, schema as z.ZodObject);
  else yield textOf(value, schema);
  return undefined;
}

const textOf = (value: unknown, schema: z.ZodType) => writeJson(schema.parse(value));

async function* members(value: Record<string, unknown>, { shape }: z.ZodObject): AsyncGenerator<string> {
  let separator = '{';
  for (const [key, member] of Object.entries(shape)) {
    if (value[key] === undefined) continue;
    yield `${separator}${JSON.stringify(key)}:`;
    yield* jsonPieces(value[key], member as z.ZodType);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

async function* collection(batches: AsyncIterable<readonly unknown[]>, schema: z.ZodType): AsyncGenerator<string> {
  if (schema instanceof z.ZodArray) yield* between('[', batches, (item) => ({ lead: '', value: item, schema: schema.element as z.ZodType }), ']');
  else if (schema instanceof z.ZodRecord) yield* between('{', batches, (pair) => entry(pair as readonly [string, unknown], schema.valueType as z.ZodType), '}');
  else throw new Error('the contract has neither a list nor a dictionary where the answer comes in batches');
}

const entry = ([key, value]: readonly [string, unknown], schema: z.ZodType) => ({ lead: `${JSON.stringify(key)}:`, value, schema });

interface Part {
  readonly lead: string;
  readonly value: unknown;
  readonly schema: z.ZodType;
}

async function* between(open: string, batches: AsyncIterable<readonly unknown[]>, partOf: (item: unknown) => Part, close: string): AsyncGenerator<string> {
  let separator = open;
  for await (const batch of batches) {
    let text = '';
    for (const item of batch) {
      const { lead, value, schema } = partOf(item);
      text += separator + lead;
      separator = ',';
      if (!grows(value, schema)) text += textOf(value, schema);
      else {
        yield text;
        text = '';
        yield* jsonPieces(value, schema);
      }
    }
    yield text;
  }
  yield separator === open ? open + close : close;
}
