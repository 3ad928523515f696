import { jsonNotation } from '../code/languages/curl.js';
import { flatLiteral } from '../code/notation.js';
import type { Plain } from '../code/plain.js';

/** `optimizer.name`, and what stands there, in words. An empty list or object stands for itself. */
export function leavesOf(value: unknown, path = ''): [path: string, word: string][] {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (members.length === 0) return path === '' ? [] : [[path, wordOf(value)]];
  return members.flatMap(([name, member]) => leavesOf(member, path === '' ? name : `${path}.${name}`));
}

/** A value on one line: a text as it is, else JSON. */
export const wordOf = (value: unknown): string => (typeof value === 'string' ? value : flatLiteral(value as Plain, jsonNotation));
