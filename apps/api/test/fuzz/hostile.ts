import type { Chance } from './chance.js';

/** JSON text that stands where JSON.stringify would never put it. Taken up by `jsonText`. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const raw = (text: string) => new RawJson(text);

export const hostileStrings: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfff\ud800y',
  '\u2028\u2029\ufeff',
  '\u202e\u0007\u001b[31m',
  '𝕏'.repeat(50),
  'ﷺ'.repeat(300),
  'e\u0301'.repeat(100),
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'null',
  'NaN',
  '-1',
  '1e309',
  '../../../../etc/passwd',
  '..\\..\\windows',
  '%00',
  '%2e%2e%2f',
  "' OR 1=1 --",
  '"; DROP TABLE "User"; --',
  '$1 ?1 :a @b',
  '${7*7}{{7*7}}<%= 7*7 %>',
  '<script>alert(1)</script>',
  'file:///etc/passwd',
  'http://169.254.169.254/',
  'a'.repeat(201),
  'a'.repeat(10_001),
  '0'.repeat(32),
  'F'.repeat(32),
  'f'.repeat(31),
  'f'.repeat(33),
  `${'f'.repeat(32)}\n`,
  ' ' + 'f'.repeat(32),
];

const hostileJson: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1,
  1.5,
  1e-320,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  1e308,
  raw('1e309'),
  raw('-1e309'),
  raw('1' + '0'.repeat(400)),
  raw('0.' + '1'.repeat(400)),
  raw('NaN'),
  raw('Infinity'),
  raw('undefined'),
  raw('01'),
  raw('"\\u0000"'),
  raw('"\\ud800"'),
  raw('"\\x"'),
  raw('"unended'),
  raw(''),
  raw('{"__proto__":{"isServerAdmin":true}}'),
  raw('{"__proto__":null,"constructor":{"prototype":{"polluted":1}}}'),
  raw('{"toString":1,"valueOf":2,"hasOwnProperty":3,"then":4,"toJSON":5,"length":-1}'),
  raw('{"a":1,"a":2}'),
  raw('[1,2,]'),
  raw('[[1,2],[3]]'),
  raw('{"":0}'),
  [],
  [null],
  [[]],
  {},
  { w: [1, 2] },
  { w: [[1, 2], [3]] },
  { w: [1, 'two'] },
  Array.from({ length: 500 }, (_, index) => index),
];

const nested = (depth: number, open: string, middle: string, close: string) => raw(open.repeat(depth) + middle + close.repeat(depth));

/** Any JSON value that nobody asked for. */
export function hostileValue(chance: Chance): unknown {
  return chance.weighted<() => unknown>([
    [10, () => chance.pick(hostileStrings)],
    [12, () => chance.pick(hostileJson)],
    [1, () => nested(chance.pick([63, 64, 65, 100, 20_000]), '[', '', ']')],
    [1, () => nested(chance.pick([62, 63, 64, 65, 5_000]), '{"a":', '1', '}')],
    [0.1, () => 'x'.repeat(chance.pick([65_536, 262_144, 300_000]))],
  ])();
}

/** JSON.stringify that lets RawJson through as it stands. */
export function jsonText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`).join(',')}}`;
  return JSON.stringify(value) ?? 'undefined';
}
