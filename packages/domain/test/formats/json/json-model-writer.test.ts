import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonModelReader } from '../../../src/formats/json/json-model-reader.js';
import { createJsonModelWriter } from '../../../src/formats/json/json-model-writer.js';
import { elementCount, type ModelLayout } from '../../../src/layout/model-layout.js';
import { feed } from '../../support/read-model.js';

const layoutOf = (...shapes: number[][]): ModelLayout => ({
  format: 'json',
  tensors: shapes.map((shape, i) => ({ name: `t${i}`, dtype: 'F64', shape })),
});

function written(layout: ModelLayout, ...blocks: number[][]): string {
  const writer = createJsonModelWriter(layout);
  const chunks = blocks.map((block) => writer.write(Float64Array.from(block)));
  return [...chunks, writer.end()].map((chunk) => new TextDecoder().decode(chunk)).join('');
}

describe('the JSON model writer', () => {
  it('writes nested lists', () => {
    expect(written(layoutOf([2, 2], [], [3]), [1, 2, 3, 4, 5, 6, 7, 8])).toBe('{"t0":[[1,2],[3,4]],"t1":5,"t2":[6,7,8]}');
    expect(written(layoutOf([2, 1, 2]), [1, 2, 3, 4])).toBe('{"t0":[[[1,2]],[[3,4]]]}');
  });

  it('writes tensors without elements', () => {
    expect(written(layoutOf([0], [1], [2, 0], [2, 1, 0]), [7])).toBe('{"t0":[],"t1":[7],"t2":[[],[]],"t3":[[[]],[[]]]}');
  });

  it('writes the shortest number that reads back the same, and -0', () => {
    expect(written(layoutOf([5]), [0.1, -0, 1e21, 5e-324, 100])).toBe('{"t0":[0.1,-0,1e+21,5e-324,100]}');
  });

  it('escapes names', () => {
    const layout: ModelLayout = { format: 'json', tensors: [{ name: 'a"\\é', dtype: 'F64', shape: [] }] };
    expect(JSON.parse(written(layout, [1]))).toEqual({ 'a"\\é': 1 });
  });

  it('comes back bit for bit through the reader, in blocks of any length', () => {
    const shapes = fc.array(
      fc.tuple(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), fc.boolean()).map(([shape, empty]) => (empty ? [...shape, 0] : shape)),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.double({ noNaN: true, noDefaultInfinity: true })), fc.integer({ min: 1, max: 20 }), (list, numbers, size) => {
        const layout = layoutOf(...list);
        const count = list.reduce((sum, shape) => sum + elementCount(shape), 0);
        const values = [...numbers.take(count)];
        const blocks = Array.from({ length: Math.ceil(count / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
        const seen: number[] = [];
        const reader = createJsonModelReader({ onValues: (block) => void seen.push(...block) });
        expect(feed(reader, new TextEncoder().encode(written(layout, ...blocks)))).toEqual(layout);
        expect(seen).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses too many numbers, too few, and those JSON cannot write', () => {
    expect(() => written(layoutOf([2]), [1, 2, 3])).toThrow(/more numbers/);
    expect(() => written(layoutOf([2]), [1])).toThrow(/fewer numbers/);
    expect(() => written(layoutOf([2]), [1, NaN])).toThrow(/NaN cannot be written/);
    expect(() => createJsonModelWriter(layoutOf([0, 2]))).toThrow(/cannot have the shape \[0, 2\]/);
  });
});
