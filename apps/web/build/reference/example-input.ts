import type { JsonSchema } from '@vergeai/contract';
import { exampleValue } from './example-answer.js';
import { ownNames, standsFor } from '../../src/reference/own.js';

export type ExampleInput = Readonly<Record<string, unknown>>;

/** A model as small as one can be. */
const model = { weights: [[0.1, -0.2], [0.3, 0.4]], bias: [0, 0] };

/**
 * What the contract's `@example` of an operation sends, with what stands for the reader's own ids. Without an example: what it
 * takes at least.
 */
export function exampleInput(name: string, example: string, shapes: readonly JsonSchema[]): ExampleInput {
  const call = /await (vergeai\.\w+\.\w+\([^]*\));?$/.exec(example)?.[1];
  return call === undefined ? leastInput(shapes) : inputOf(name, call);
}

/** It is an expression of our own source, in which ids and the model stand by their names. */
function inputOf(name: string, call: string): ExampleInput {
  const variables = { ...Object.fromEntries(ownNames.map((own) => [own, standsFor(own)])), model };
  const vergeai = new Proxy({}, { get: () => new Proxy({}, { get: () => (input: ExampleInput = {}) => input }) });
  // oxlint-disable-next-line no-implied-eval
  const run = new Function('vergeai', ...Object.keys(variables), `return ${call};`) as (...values: unknown[]) => ExampleInput;
  const input = run(vergeai, ...Object.values(variables));
  // In a browser and in the text of a shell no file of the reader's is at hand. Else "start" and its like say which model.
  const { model: given } = input;
  if (typeof given === 'string' && given.startsWith('./')) return { ...input, model };
  if (typeof input !== 'object') throw new Error(`The example of ${name} is not a call with one object.`);
  return input;
}

function leastInput(shapes: readonly JsonSchema[]): ExampleInput {
  const members = shapes.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties as Record<string, JsonSchema>).filter(([name]) => (required as readonly string[]).includes(name)));
  return Object.fromEntries(members.map(([name, shape]) => [name, exampleValue(shape, name)]));
}
