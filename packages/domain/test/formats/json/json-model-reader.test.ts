import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonModelReader } from '../../../src/formats/json/json-model-reader.js';
import { InvalidModel } from '../../../src/layout/invalid-model.js';
import { cleanModel } from '@vergeai/testkit';
import { feed, outcome } from '../../support/read-model.js';
import { tensorName } from '../../support/tensor-name.js';

type Nested = number | Nested[];

/** Reads a model with all that the callbacks tell. */
function read(bytes: Uint8Array, sizes?: readonly number[]) {
  const values = new Map<string, number[]>();
  let current: number[] = [];
  const reader = createJsonModelReader({
    onTensorStart: (name) => values.set(name, (current = [])),
    onValues: (block) => void current.push(...block),
  });
  const layout = feed(reader, bytes, sizes);
  return { values, layout };
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const flat = (value: Nested): number[] => (typeof value === 'number' ? [value] : value.flatMap(flat));
const listsDeep = (depth: number) => utf8(`{"w": ${'['.repeat(depth)}1${']'.repeat(depth)}}`);
const numberOf = (text: string) => read(utf8(`{"w":[${text}]}`)).values.get('w')![0];

/** Any number that JSON can write, in many spellings. */
const numberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? '-0' : String(x))),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x.toExponential(16)),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }).map((x) => x.toFixed(6)),
  fc.integer().map(String),
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?$/),
).filter((text) => Number.isFinite(Number(text)));

const space = fc.constantFrom('', '', '', ' ', '\n  ', '\t', '\r\n');

function nestedText(shape: readonly number[]): fc.Arbitrary<string> {
  const [length, ...rest] = shape;
  if (length === undefined) return numberText;
  return fc
    .tuple(space, fc.array(fc.tuple(nestedText(rest), space), { minLength: length, maxLength: length }))
    .map(([before, items]) => `[${before}${items.map(([item, after]) => item + after).join(`,${before}`)}]`);
}

const modelText = fc
  .uniqueArray(
    fc.tuple(
      tensorName,
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }).chain(nestedText),
    ),
    { selector: ([name]) => name, minLength: 1, maxLength: 5 },
  )
  .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(' ,')}}\n`);

const chunkSizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 50 });

describe('the JSON model reader', () => {
  it('agrees with JSON.parse on every model, cut into chunks anywhere', () => {
    fc.assert(
      fc.property(modelText, chunkSizes, (text, sizes) => {
        const { values } = read(utf8(text), sizes);
        const expected = Object.entries(JSON.parse(text) as Record<string, Nested>);
        expect(values.size).toBe(expected.length);
        // toEqual tells -0 from 0.
        for (const [name, value] of expected) expect(values.get(name)).toEqual(flat(value));
      }),
      { numRuns: 500 },
    );
  });

  it('reads every spelling of a number as Number() does', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        expect(numberOf(text)).toBe(Number(text));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['9007199254740993', 9007199254740992],
    ['9007199254740992.9999', 9007199254740992],
    ['9007199254740991e22', 9007199254740991 * 1e22],
    ['9007199254740991e-22', 9.007199254740991e-7],
    ['9007199254740991e23', 9.007199254740991e38],
    ['123456789012345678', 123456789012345680],
    ['2.2250738585072011e-308', 2.225073858507201e-308],
    ['2.4703282292062327e-324', 0],
    ['2.4703282292062328e-324', 5e-324],
    ['1.7976931348623158e308', Number.MAX_VALUE],
    ['-0', -0],
    ['-0.0e5', -0],
    ['0e999', 0],
    ['1e-999', 0],
    ['1E+2', 100],
    [`0.${'0'.repeat(397)}1`, 0],
  ])('reads %s exactly', (text, value) => {
    expect(numberOf(text)).toBe(value);
  });

  it('accepts only what JSON.parse accepts, however a model is damaged', () => {
    const clean = cleanModel('json');
    const interesting = fc.constantFrom(...utf8('0123456789+-.eE[]{},:"\\ \n'), 0, 0x80, 0xc3, 0xff);
    const edit = fc.tuple(fc.nat(clean.length - 1), fc.nat(2), fc.array(interesting, { maxLength: 2 }));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 2 }), chunkSizes, (edits, sizes) => {
        let bytes = [...clean];
        for (const [at, removed, added] of edits) bytes = bytes.toSpliced(at, removed, ...added);
        const damaged = Uint8Array.from(bytes);
        const whole = outcome('json', damaged);
        expect(outcome('json', damaged, sizes)).toEqual(whole);
        if (!whole.layout) return;
        const parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(damaged)) as Record<string, Nested>;
        const { values } = read(damaged);
        expect([...values].toSorted()).toEqual(Object.entries(parsed).map(([name, value]) => [name, flat(value)]).toSorted());
      }),
      { numRuns: 2000 },
    );
  });

  it('learns the shape from the nesting', () => {
    const { layout } = read(utf8('{"scalar": 2, "list": [1], "cube": [[[1, 2]], [[3, 4]], [[5, 6]]]}'));
    expect(layout).toEqual({
      format: 'json',
      tensors: [
        { name: 'scalar', dtype: 'F64', shape: [] },
        { name: 'list', dtype: 'F64', shape: [1] },
        { name: 'cube', dtype: 'F64', shape: [3, 1, 2] },
      ],
    });
  });

  it.each([
    ['[]', [0]],
    ['[[], []]', [2, 0]],
    ['[[[]], [[]], [[]]]', [3, 1, 0]],
  ])('takes %s as a tensor without elements', (text, shape) => {
    expect(read(utf8(`{"w": ${text}}`)).layout.tensors[0]!.shape).toEqual(shape);
  });

  it('decodes escapes in names and keeps names in any script', () => {
    const { layout } = read(utf8('{"\\u0061\\/\\"\\\\": 1, "重み😀": 2, "\\ud83d\\ude00": 3, "toString": 4}'), [1]);
    expect(layout.tensors.map((tensor) => tensor.name)).toEqual(['a/"\\', '重み😀', '😀', 'toString']);
  });

  it('takes a name of 512 characters even if each is an escape', () => {
    expect(read(utf8(`{"${'\\u0041'.repeat(512)}": 1}`)).layout.tensors[0]!.name).toBe('A'.repeat(512));
  });

  it('takes lists 64 deep and no deeper', () => {
    expect(read(listsDeep(64)).layout.tensors[0]!.shape).toHaveLength(64);
    expect(() => read(listsDeep(65))).toThrow(/deeper than 64/);
  });

  it('hands on every number of a long tensor, in blocks, in order', () => {
    const numbers = Array.from({ length: 30_000 }, (_, i) => i / 7);
    expect(read(utf8(JSON.stringify({ w: numbers, v: [1] })), [65_537]).values.get('w')).toEqual(numbers);
  });

  it('gives an error that is an InvalidModel, with a pointer escaped by RFC 6901', () => {
    const refuse = () => read(utf8('{"a/b~c": [[1], [NaN]]}'));
    expect(refuse).toThrow(InvalidModel);
    expect(outcome('json', utf8('{"a/b~c": [[1], [NaN]]}'))).toEqual({
      pointer: '/a~1b~0c/1/0',
      message: 'Found "NaN" where a finite JSON number was expected.',
    });
  });
});
