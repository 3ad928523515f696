import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openBlockMemory, plainMemory, type BlockMemory } from '../../../src/aggregation/combine/block-memory.js';
import { meanReducer } from '../../../src/aggregation/combine/mean-reducer.js';
import { byteWidth, DTYPES } from '../../../src/numbers/dtype.js';
import '../../seed.js';

/** Numbers of all kinds: −0, infinities, NaN and those too small to be normal come often. */
const float32 = fc.oneof(fc.float(), fc.constantFrom(-0, 0, Infinity, -Infinity, NaN, 1.401298464324817e-45, 3.4028234663852886e38));
const float64 = fc.oneof(fc.double(), fc.constantFrom(-0, 0, Infinity, -Infinity, NaN, 5e-324, Number.MAX_VALUE));
const coefficient = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(-0, 1, 5e-324));
const several = { minLength: 1, maxLength: 8 };

afterEach(() => void vi.unstubAllGlobals());

/** What a memory makes of updates, one after the other; `skipped` numbers lie before them, so that they begin at any place. */
function sums(memory: BlockMemory, type: typeof Float32Array | typeof Float64Array, updates: readonly (readonly number[])[], coefficients: readonly number[], skipped: number): Float64Array {
  const length = updates[0]!.length;
  const place = <A>(array: new (buffer: ArrayBuffer, at: number, length: number) => A, width: number): A => {
    const room = memory.take((length + skipped) * width);
    return new array(room.buffer, room.byteOffset + skipped * width, length);
  };
  const acc = place(Float64Array, 8).fill(-0);
  const values = place<Float32Array | Float64Array>(type, type.BYTES_PER_ELEMENT);
  updates.forEach((update, i) => {
    values.set(update);
    if (values instanceof Float32Array) memory.accumulateFloat32(acc, values, coefficients[i % coefficients.length]!);
    else memory.accumulateFloat64(acc, values, coefficients[i % coefficients.length]!);
  });
  return acc;
}

describe('WebAssembly adds', () => {
  it.each([['float32', Float32Array, float32], ['float64', Float64Array, float64]] as const)('%s numbers to the very bits of the plain loop, however many and wherever they begin', (_, type, number) => {
    const updates = fc.integer({ min: 0, max: 41 }).chain((length) => fc.array(fc.array(number, { minLength: length, maxLength: length }), several));
    fc.assert(
      fc.property(updates, fc.array(coefficient, several), fc.nat(3), (numbers, coefficients, skipped) => {
        const memory = openBlockMemory();
        expect(memory).not.toBe(plainMemory);
        expect([...sums(memory, type, numbers, coefficients, skipped)]).toEqual([...sums(plainMemory, type, numbers, coefficients, skipped)]);
      }),
    );
  });

  it.each(DTYPES.filter((dtype) => dtype !== 'I64'))('a block of %s to the same mean as the plain loop', (dtype) => {
    const width = byteWidth(dtype);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 13 * width, maxLength: 13 * width }), several), coefficient, (updates, c) => {
        const meanIn = (memory: BlockMemory) => {
          const elements = memory.take(13 * width);
          const reducer = meanReducer(dtype, 13, memory);
          reducer.begin(13);
          for (const update of updates) {
            elements.set(dtype === 'BOOL' ? update.map((byte) => byte & 1) : update);
            reducer.add(elements, c);
          }
          return [...reducer.finish()];
        };
        expect(meanIn(openBlockMemory())).toEqual(meanIn(plainMemory));
      }),
    );
  });

  it('what finds no room in its memory as the plain loop does', () => {
    const memory = openBlockMemory();
    memory.take(1024 * 1024);
    const acc = new Float64Array(memory.take(24).buffer);
    memory.accumulateFloat32(acc, Float32Array.of(1, 2, 3), 0.5);
    expect([...acc]).toEqual([0.5, 1, 1.5]);
  });
});

it('where there is no WebAssembly, memory is plain', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  vi.resetModules();
  const without = await import('../../../src/aggregation/combine/block-memory.js');
  expect(without.openBlockMemory()).toBe(without.plainMemory);
});
