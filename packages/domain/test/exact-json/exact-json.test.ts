import { expect, it } from 'vitest';
import { isChangedInteger, walkJson } from '../../src/exact-json/index.js';

it('every token of JSON is told with where it stands', () => {
  const told: string[] = [];
  walkJson('{"a":[1,"x",{"b":null}],"":-2.5e3}', (kind, raw, path) => told.push(`${kind} ${raw} /${path.join('/')}`));
  expect(told).toEqual(['name "a" /a', 'number 1 /a/0', 'string "x" /a/1', 'name "b" /a/2/b', 'word null /a/2/b', 'name "" /', 'number -2.5e3 /']);
});

it.each([
  ['9007199254740992', false],
  ['9007199254740993', true],
  ['-12345678901234567890', true],
  ['100000000000000000000', false],
  ['0.1234567890123456789', false],
  ['1e400', false],
])('of %s it is told whether a number would be another integer: %s', (text, changed) => {
  expect(isChangedInteger(text)).toBe(changed);
});
