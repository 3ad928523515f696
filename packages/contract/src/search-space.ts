import { z } from 'zod';
import { jsonObject } from './json.js';
import type { JsonText } from './json-text.js';
import { text } from './text.js';

const MAX_BYTES = 64 * 1024;
/** As many as a sweep has members. */
export const MOST_VALUES = 256;
const MOST_SWEPT = 32;

const valueList = z.strictObject({
  values: z
    .array(z.unknown().meta({ type: ['string', 'number', 'boolean', 'null', 'array', 'object'] }))
    .min(1)
    .max(MOST_VALUES)
    .refine((values) => new Set(values.map((value) => JSON.stringify(value))).size === values.length, 'must not have a value twice')
    .describe('What it may be: any JSON'),
});
const bounds = z
  .strictObject({
    min: z.number().describe('The least that it may be'),
    max: z.number().describe('The most that it may be'),
    scale: z.enum(['linear', 'log']).default('linear').describe('How numbers are drawn: all as likely, or every power of ten; `log` takes a `min` above 0'),
  })
  .refine(({ min, max }) => min < max, { path: ['max'], error: 'must be more than min' })
  .refine(({ min, scale }) => scale !== 'log' || min > 0, { path: ['min'], error: 'must be above 0 on a logarithmic scale' });

/** A path into hyperparameters. */
const sweptPath = text(1, 200).refine((path) => path.split('.').every((name) => name !== '' && !['__proto__', 'constructor', 'prototype'].includes(name)), 'must be names with dots between them');

/** Either of them, as the reference tells it. */
const { $schema: _, ...dimension } = z.toJSONSchema(z.strictObject({ ...valueList.shape, ...bounds.shape }).partial(), { io: 'input' });

/**
 * Which hyperparameters are tried, each with the values, or the bounds, that it may have. A path with dots, `optimizer.lr`, means
 * what is within an object. Values are passed on letter for letter.
 */
export const searchSpace = jsonObject(MAX_BYTES, dimension).superRefine((given, check) => {
  const members = Object.entries(given.value as Record<string, unknown>);
  if (members.length === 0 || members.length > MOST_SWEPT) check.addIssue({ code: 'custom', message: `must have 1 to ${MOST_SWEPT} hyperparameters`, continue: false });
  for (const [path, one] of members) {
    const hasValues = typeof one === 'object' && one !== null && 'values' in one;
    for (const { issues } of [sweptPath.safeParse(path), (hasValues ? valueList : bounds).safeParse(one)].flatMap(({ error }) => error ?? []))
      for (const issue of issues) check.addIssue({ ...issue, code: 'custom', path: [path, ...issue.path], continue: false });
  }
});

/** The paths of those that lie between bounds. */
export const boundedPaths = (space: JsonText): string[] => Object.entries(space.value as Swept).flatMap(([path, { values }]) => (values ? [] : [path]));

/** How many choices a grid has of a search space in which all have values. */
export const gridSize = (space: JsonText): number => Object.values(space.value as Swept).reduce((size, { values }) => size * values!.length, 1);

type Swept = Record<string, { readonly values?: readonly unknown[] }>;
