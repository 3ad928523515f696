import { MAX_JSON_DEPTH } from '@vergeai/domain/exact-json';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experimentId, projectId } from './support/documented.js';
import { requestSchema } from './support/route.js';

/** The operations that take hyperparameters, with the rest of their request. */
const operations = {
  'experiment.create': { project_id: projectId },
  'experiment.update': { project_id: projectId, experiment_id: experimentId },
  'experiment.fork': { project_id: projectId, experiment_id: experimentId },
};

/** JSON text of any object without the few keys that are refused below. */
const anyHyperparameters = fc
  .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' }), { maxKeys: 5 })
  .map((object) => JSON.stringify(JSON.parse(JSON.stringify(object))))
  .filter((json) => !/"(__proto__|constructor|prototype)":/.test(json));

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
const ofBytes = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });

describe.each(Object.entries(operations))('hyperparameters of %s', (name, rest) => {
  const schema = requestSchema(name, 'body');
  const check = (hyperparameters: unknown) => schema.safeParse({ ...rest, hyperparameters });
  const reason = (hyperparameters: unknown) => check(hyperparameters).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);

  it('come in as they were sent, keys in order', () => {
    fc.assert(
      fc.property(anyHyperparameters, (json) => {
        const { hyperparameters } = schema.parse({ ...rest, hyperparameters: JSON.parse(json) }) as { hyperparameters: object };
        expect(JSON.stringify(hyperparameters)).toBe(json);
      }),
    );
  });

  it('are an object', () => {
    for (const value of [null, [], 'x', 1, true]) expect(reason(value), JSON.stringify(value)).toEqual(['hyperparameters must be an object']);
    expect(check({}).success).toBe(true);
  });

  it('have finite numbers only, and say where one is not', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(reason({ layers: [{ units: value }] })).toEqual(['hyperparameters.layers.0.units must be a finite number']);
  });

  it(`are at most ${MAX_JSON_DEPTH} deep`, () => {
    expect(check(nested(MAX_JSON_DEPTH)).success).toBe(true);
    expect(reason(nested(MAX_JSON_DEPTH + 1))).toEqual([expect.stringContaining('must not be nested deeper than 64')]);
  });

  it('are at most 64 KiB of JSON text, in bytes', () => {
    expect(check(ofBytes(64 * 1024)).success).toBe(true);
    expect(reason(ofBytes(64 * 1024 + 1))).toEqual(['hyperparameters must be at most 65536 bytes of JSON']);
    expect(reason({ a: 'ü'.repeat(40_000) })).toEqual(['hyperparameters must be at most 65536 bytes of JSON']);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'a\0b', '\ud800'])('never have the key %j, however deep', (key) => {
    const object = JSON.parse(`{${JSON.stringify(key)}: 1}`) as object;
    for (const value of [object, { list: [object] }]) expect(reason(value)).toEqual([expect.stringContaining('must not have the key')]);
  });

  it('never have text that a database cannot hold', () => {
    for (const text of ['\0', '\udfff']) expect(reason({ a: [text] })).toEqual([expect.stringContaining('hyperparameters.a.0 must not contain NUL')]);
  });
});
