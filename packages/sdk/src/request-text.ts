import { MAX_JSON_DEPTH } from '@vergeai/domain/exact-json';
import { VergeAIError } from './errors.js';

export type Path = readonly (string | number)[];

/** A value that is JSON text already. */
export class WrittenJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * The body of a request as JSON. Beyond what `JSON.stringify` can say, a bigint is written in all its digits and −0 with its
 * sign, a Map is an object in its own order, and a Set or a typed array a list. Members that are undefined are left out.
 * @throws VergeAIError with an RFC 6901 pointer for what JSON can't say, of which `JSON.stringify` makes `null` or `{}`.
 */
export const requestText = (body: Readonly<Record<string, unknown>>): string => textOf(body, []);

export function requireFinite(value: number, path: Path): void {
  if (!Number.isFinite(value)) throw refused(path, `is ${value}, and JSON has no such number: leave it out, or send it as text`);
}

function numberText(value: number, path: Path): string {
  requireFinite(value, path);
  // "-0" is an integer to other languages, whose integers have no sign at 0.
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** The error for a part of what a caller gave. */
export const refused = (path: Path, sentence: string): VergeAIError => new VergeAIError(`${pointerTo(path)} ${sentence}.`);

/** RFC 6901. */
const pointerTo = (path: Path): string => path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function textOf(value: unknown, path: Path): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      return numberText(value, path);
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? 'null' : objectText(value, path);
    default:
      throw refused(path, `is ${value === undefined ? 'undefined' : `a ${typeof value}`}, which JSON does not have: leave it out`);
  }
}

function objectText(given: object, path: Path): string {
  if (given instanceof WrittenJson) return given.text;
  if (path.length >= MAX_JSON_DEPTH) throw refused(path, `is nested deeper than ${MAX_JSON_DEPTH}, or holds itself`);
  if (isList(given)) return listText(given, path);
  if (given instanceof Set) return listText([...given], path);
  if (given instanceof Map) return membersText(Array.from(given, ([name, member]) => [nameOf(name, path), member]), path);
  const value = asJson(given, path);
  if (typeof value !== 'object' || value === null) return textOf(value, path);
  if (isList(value)) return listText(value, path);
  const members = Object.entries(value);
  if (members.length === 0 && !isPlain(value)) throw refused(path, `is a ${kindOf(value)}, of which JSON would keep nothing: pass what it stands for as plain values`);
  return membersText(members, path);
}

/** What an object says it is in JSON, such as the text of a Date; most say nothing. */
function asJson(value: object, path: Path): unknown {
  if ('arraySync' in value) throw refused(path, 'is a tensor of TensorFlow.js: pass its numbers, as `await tensor.array()` gives them');
  if (!('toJSON' in value) || typeof value.toJSON !== 'function') return value;
  const said = (value as { toJSON(name: string): unknown }).toJSON(String(path.at(-1) ?? ''));
  if (said === null) throw refused(path, `is a ${kindOf(value)} without a value: leave it out`);
  return said;
}

/** An array, or a typed array. */
export const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm, such as a frame, has another Object.prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

const kindOf = (value: object): string => (value.constructor as { name?: string } | undefined)?.name || 'class instance';

const listText = (list: ArrayLike<unknown>, path: Path): string => `[${Array.from(list, (entry, index) => textOf(entry, [...path, index])).join(',')}]`;

const membersText = (members: readonly [string, unknown][], path: Path): string =>
  `{${members
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${textOf(member, [...path, name])}`)
    .join(',')}}`;

function nameOf(key: unknown, path: Path): string {
  if (typeof key === 'string' || typeof key === 'number') return String(key);
  throw refused(path, `is a Map with a key that is ${typeof key === 'object' ? 'an object' : `a ${typeof key}`}: a name in JSON is text`);
}
