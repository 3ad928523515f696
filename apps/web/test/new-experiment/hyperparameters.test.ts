import { describe, expect, it } from 'vitest';
import { emptyRow, readTyped, typedAs, type Typed, type Values } from '../../src/routes/p/new/hyperparameters.js';

const rows = (...given: [string, string][]): Typed => ({ as: 'rows', rows: given.map(([name, value]) => ({ ...emptyRow(), name, value })) });

describe('hyperparameters that somebody types', () => {
  it('are JSON where they can be read as such, and texts where not', () => {
    expect(readTyped(rows(['learning_rate', '0.01'], ['nesterov', 'true'], ['layers', '[1, 2]'], ['optimizer', 'adam'], ['version', '"1"'], ['empty', '']))).toEqual({
      values: { learning_rate: 0.01, nesterov: true, layers: [1, 2], optimizer: 'adam', version: '1', empty: '' },
    });
  });

  it('are the same ones as rows and as JSON, whatever they are', () => {
    const values: Values = { learning_rate: 0.01, text: 'adam', number: '1', quoted: '"x"', lines: 'a\nb', nothing: null, list: [1, ['a', { deep: true }]], seed: 12345678901234567890n, ['__proto__']: 'x', 'a "name"\u2028': '\u202e' };
    const asJson = typedAs('json', values);
    const asRows = typedAs('rows', values);
    expect(readTyped(asJson)).toEqual({ values });
    expect(readTyped(asRows)).toEqual({ values });
    expect(typedAs('json', readTyped(asRows).values!)).toEqual(asJson);
  });

  it.each<[string, Typed]>([
    ['A row has a value and no name.', rows(['', '1'])],
    ['“a” is there twice.', rows(['a', '1'], ['a', '2'])],
    ['It must be an object', { as: 'json', text: '[1]' }],
    ['It is not JSON yet', { as: 'json', text: '{"a": ' }],
  ])('say why they are none: %s', (why, typed) => {
    expect(readTyped(typed).why).toContain(why);
  });

  it('are none when nothing was typed', () => {
    expect(readTyped({ as: 'json', text: ' ' })).toEqual({ values: {} });
    expect(readTyped(rows(['', '']))).toEqual({ values: {} });
  });
});
