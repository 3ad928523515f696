import { MAX_JSON_DEPTH } from '@vergeai/domain/exact-json';
import { z, type core } from 'zod';
import { JsonText } from './json-text.js';
import { isStorableText } from './text.js';

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** The first reason why a parsed JSON value can't be kept as it is, with where it stands; undefined when it can. */
function firstFault(value: unknown, depth: number, path: PropertyKey[]): { message: string; path: PropertyKey[] } | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined;
    case 'string':
      return isStorableText(value) ? undefined : { message: 'must not contain NUL or unpaired surrogate characters', path };
    case 'number':
      return Number.isFinite(value) ? undefined : { message: 'must be a finite number', path };
    case 'object':
      break;
    default:
      return { message: 'must be JSON', path };
  }
  if (value === null) return undefined;
  if (depth >= MAX_JSON_DEPTH) return { message: `must not be nested deeper than ${MAX_JSON_DEPTH}`, path };
  for (const [key, member] of Object.entries(value)) {
    if (forbiddenKeys.has(key) || !isStorableText(key)) return { message: `must not have the key ${JSON.stringify(key)}`, path };
    const fault = firstFault(member, depth + 1, [...path, Array.isArray(value) ? Number(key) : key]);
    if (fault) return fault;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const valueOf = (given: unknown): unknown => (given instanceof JsonText ? given.value : given);
const asText = (given: Record<string, unknown>): JsonText => (given instanceof JsonText ? given : new JsonText(JSON.stringify(given)));

/**
 * A JSON object whose content is the caller's business: finite numbers, at most 64 deep, at most `maxBytes` of JSON text, no
 * name twice in one object. It comes back letter for letter, but for the space between tokens: numbers as they were written,
 * of any size, and names in their order. What makes values of it decides what it can hold: the client for Python gives
 * integers of any size, the one for TypeScript a bigint where a number would be another one. `members` is what the reference
 * says of its members.
 */
export const jsonObject = (maxBytes: number, members: core.JSONSchema.BaseSchema = {}) =>
  // Not z.record, which drops a key `__proto__` before anybody can refuse it.
  z
    .custom<Record<string, unknown>>((given) => isObject(valueOf(given)), 'must be an object')
    .meta({ type: 'object', additionalProperties: members })
    .superRefine((given, check) => {
      const fault = firstFault(valueOf(given), 0, []);
      // What stands beside it is not held to an object that is none.
      if (fault) check.addIssue({ code: 'custom', message: fault.message, path: fault.path, continue: false });
      else if (new TextEncoder().encode(asText(given).text).length > maxBytes)
        check.addIssue({ code: 'custom', message: `must be at most ${maxBytes} bytes of JSON`, continue: false });
    })
    .transform(asText);

/** Such an object in an answer; a JsonText on its way out. */
export const answeredObject = z
  .custom<Record<string, unknown>>(isObject)
  .meta({ type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} });

export type JsonScalar = string | number | boolean | null;

const isScalar = (value: unknown): value is JsonScalar => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** A part of such an object that is no list and no object; a JsonText on its way out. */
export const answeredScalar = z
  .custom<JsonScalar>((value) => value instanceof JsonText || isScalar(value))
  .meta({ type: ['string', 'number', 'boolean', 'null'] });
