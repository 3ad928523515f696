import { z } from 'zod';
import { isStorableText } from './text.js';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

export const MAX_JSON_DEPTH = 64;

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

/**
 * A JSON object whose content is the caller's business: finite numbers, at most 64 deep,
 * at most `maxBytes` of JSON text. Key order and values come back as they were sent.
 */
export const jsonObject = (maxBytes: number) =>
  // Not z.record, which drops a key `__proto__` before anybody can refuse it.
  z
    .custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'must be an object')
    .meta({ type: 'object', additionalProperties: {} })
    .superRefine((value, check) => {
      const fault = firstFault(value, 0, []);
      if (fault) check.addIssue({ code: 'custom', message: fault.message, path: fault.path });
      else if (new TextEncoder().encode(JSON.stringify(value)).length > maxBytes)
        check.addIssue({ code: 'custom', message: `must be at most ${maxBytes} bytes of JSON` });
    })
    .transform((value) => value as JsonObject);
