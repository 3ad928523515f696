import type { AppRoute } from '@ts-rest/core';
import { z } from 'zod';
import { contract, operations } from '../../src/index.js';

/** Every operation. Spread, because an interface is no index signature. */
export const all = operations({ ...contract });

/** The route of an operation by its dotted name, such as `job.create`. */
export function route(name: string): AppRoute {
  const found = all.find((operation) => operation.name === name);
  if (!found) throw new Error(`the contract has no operation ${name}`);
  return found.route;
}

/** What a request must look like: its JSON body, or its path or query, where every value comes as text. */
export const requestSchema = (name: string, part: 'body' | 'pathParams' | 'query'): z.ZodType =>
  schema((route(name) as unknown as Record<string, unknown>)[part], `${name} ${part}`);

/** What a 200 answer looks like. */
export const answerSchema = (name: string): z.ZodType => schema(route(name).responses[200], `${name} 200`);

function schema(value: unknown, where: string): z.ZodType {
  if (!(value instanceof z.ZodType)) throw new Error(`${where} has no schema`);
  return value;
}

/** Where a value is not what the schema wants, as `num_devices` or `termination_criteria.0.type`; empty when it is accepted. */
export const faults = (checked: z.ZodType, value: unknown): string[] => [
  ...new Set(checked.safeParse(value).error?.issues.map((issue) => issue.path.join('.'))),
];
