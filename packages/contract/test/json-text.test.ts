import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonText, readJson, writeJson } from '../src/index.js';

/** JSON text with numbers, names and spaces as no JavaScript would write them; no name twice in one object. */
const anyJson = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('1.0', '-0', '-0.0', '1E2', '0.10', '12345678901234567890', '1e-400', 'true', 'null', '""', '"\\u0061\\"\\\\"', '" { [ , : "'),
    fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
    fc.array(tie('value'), { maxLength: 4 }).map((entries) => `[${entries.join(',')}]`),
    fc.uniqueArray(fc.tuple(fc.oneof(fc.nat(12).map(String), fc.string()), tie('value')), { maxLength: 4, selector: ([name]) => name }).map(
      (members) => `{${members.filter(([name]) => name !== '__proto__').map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`,
    ),
  ),
})).value;

/** The same with space wherever JSON allows it. */
const spaced = (text: string): string => {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at + 1;
    if (text[at] === '"') {
      while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      end++;
    } else while (end < text.length && /[-+.\w]/.test(text[at]!) && /[-+.\w]/.test(text[end]!)) end++;
    tokens.push(text.slice(at, end));
    at = end;
  }
  return `\n${tokens.join(' \t\r\n')} `;
};

describe.each(['hyperparameters', 'config'])('%s in JSON', (name) => {
  it('are read and written letter for letter, but for the space between tokens', () => {
    fc.assert(
      fc.property(anyJson, (json) => {
        const { value, faults } = readJson(spaced(`{"a":1,"${name}":${json},"b":[]}`));
        expect(faults).toEqual([]);
        expect(writeJson(value)).toBe(`{"a":1,"${name}":${json},"b":[]}`);
        expect((value as Record<string, JsonText>)[name]!.value).toEqual(JSON.parse(json));
      }),
    );
  });

  it('are only those that a request or an answer has itself', () => {
    const text = `{"a":{"${name}":{"v":1}},"b":[{"${name}":2}]}`;
    expect(readJson(text).value).toEqual(JSON.parse(text));
  });

  it('cannot be forged by a text that looks like where they go', () => {
    const first = new JsonText('{"v":1.0}');
    const place = /"[0-9a-f]{32}"/.exec(JSON.stringify([first, first]))?.[0];
    expect(place).toBeUndefined();
    expect(writeJson({ first, second: '$&', third: new JsonText('{"$1":"$`"}') })).toBe('{"first":{"v":1.0},"second":"$&","third":{"$1":"$`"}}');
  });

  it('are written as their value by whoever knows nothing of them', () => {
    expect(JSON.stringify({ [name]: new JsonText('{"v":1.0}') })).toBe(`{"${name}":{"v":1}}`);
  });
});

describe('what JSON text says and its value does not', () => {
  const faultsOf = (text: string) => readJson(text).faults.map(({ path, message }) => `${path.join('/')} ${message}`);

  it.each([
    ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', []],
    ['{"a":1,"a":1}', ['a must not be there twice']],
    ['{"a":[{"b":{"c":1,"\\u0063":1}}]}', ['a/0/b/c must not be there twice']],
    ['{"hyperparameters":{"a":1,"a":2}}', ['hyperparameters/a must not be there twice']],
    ['{"a":9007199254740992,"b":9007199254740993}', ['b must be a number that float64 holds: 9007199254740993 would become 9007199254740992']],
    ['{"a":-12345678901234567890}', ['a must be a number that float64 holds: -12345678901234567890 would become -12345678901234567000']],
    ['{"a":0.1234567890123456789,"b":1e30,"c":100000000000000000000}', []],
    ['{"hyperparameters":{"seed":12345678901234567890}}', []],
    ['{"metrics":{"__proto__":1}}', ['metrics must not have the key "__proto__"']],
  ])('%s', (text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it('is no matter of bad JSON, which is refused first', () => {
    for (const text of ['', '{', '{"a":01}', '{"a":"\u0001"}', '[1,]', '{"a":1}}']) expect(() => readJson(text)).toThrow(SyntaxError);
  });
});
