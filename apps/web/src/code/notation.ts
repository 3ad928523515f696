import { membersOf, type Plain } from './plain.js';

/** How a language writes values down. */
export interface Notation {
  readonly nothing: string;
  readonly yes: string;
  readonly no: string;
  text(text: string): string;
  integer(digits: bigint): string;
  /** What stands before the value of a member. */
  member(name: string): string;
  /** How far what belongs to a line stands in. */
  readonly indent: string;
  /** Around the members of an object that stands on one line. */
  readonly padding: '' | ' ';
  /** After the last entry of a list over several lines. */
  readonly lastComma: '' | ',';
}

/** A line of a snippet is not longer, as far as it can be broken. */
export const WIDTH = 76;

/**
 * A value as a literal, on one line if that fits into what is left of it, else an entry a line.
 * @param indent what the line begins with on which the literal starts
 * @param before how many letters stand before it on that line
 */
export function literal(value: Plain, notation: Notation, indent = '', before = 0): string {
  if (typeof value !== 'object' || value === null) return scalar(value, notation);
  const flat = flatLiteral(value, notation);
  if (before + flat.length <= WIDTH || size(value) === 0) return flat;
  const inner = indent + notation.indent;
  const [open, close] = isList(value) ? '[]' : '{}';
  const entries = isList(value)
    ? value.map((entry) => inner + literal(entry, notation, inner, inner.length + 1))
    : membersOf(value).map(([name, member]) => inner + notation.member(name) + literal(member, notation, inner, inner.length + notation.member(name).length + 1));
  return `${open}\n${entries.join(',\n')}${notation.lastComma}\n${indent}${close}`;
}

/** A value as a literal on one line. */
export function flatLiteral(value: Plain, notation: Notation): string {
  if (typeof value !== 'object' || value === null) return scalar(value, notation);
  if (isList(value)) return `[${value.map((entry) => flatLiteral(entry, notation)).join(', ')}]`;
  const members = membersOf(value).map(([name, member]) => notation.member(name) + flatLiteral(member, notation));
  return members.length === 0 ? '{}' : `{${notation.padding}${members.join(', ')}${notation.padding}}`;
}

function scalar(value: string | number | bigint | boolean | null | undefined, notation: Notation): string {
  switch (typeof value) {
    case 'string':
      return notation.text(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be written as JSON.`);
      return Object.is(value, -0) ? '-0.0' : String(value);
    case 'bigint':
      return notation.integer(value);
    case 'boolean':
      return value ? notation.yes : notation.no;
    default:
      return notation.nothing;
  }
}

const isList = (value: object): value is readonly Plain[] => Array.isArray(value);
const size = (value: object) => (isList(value) ? value.length : membersOf(value as { [name: string]: Plain }).length);
