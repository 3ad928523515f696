import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int64MeanReducer } from '../../../src/aggregation/combine/int64-mean-reducer.js';
import { meanReducer } from '../../../src/aggregation/combine/mean-reducer.js';
import { decode } from '../../../src/numbers/codec.js';
import { byteWidth, DTYPES, type DType } from '../../../src/numbers/dtype.js';
import { combined, elementsOf, int64s, valuesOf } from '../../support/round.js';

const meanBytes = (dtype: DType, updates: readonly Uint8Array[], counts?: readonly (number | null)[]) => combined('FedAvg', dtype, updates, counts);

const mean = (dtype: DType, updates: readonly number[][], counts?: readonly (number | null)[]): number[] =>
  valuesOf(dtype, meanBytes(dtype, updates.map((update) => elementsOf(dtype, update)), counts));

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 });

/** The mean as the caller computes it: updates in the order of their device ids. */
const inIdOrder = (updates: [string, number, number][]) => {
  const sorted = updates.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return mean('F64', sorted.map(([, value]) => [value]), sorted.map(([, , count]) => count));
};

describe('federated averaging', () => {
  it.each(['F64', 'F32', 'F16', 'BF16'] as const)('of %s can be added in the head', (dtype) => {
    expect(mean(dtype, [[1, -2, 0], [3, 2, 0.5]])).toEqual([2, 0, 0.25]);
    expect(mean(dtype, [[1, 8], [5, 0]], [1, 3])).toEqual([4, 2]);
  });

  it.each(['I64', 'I32', 'I16', 'I8'] as const)('of %s rounds to nearest, ties to even', (dtype) => {
    expect(mean(dtype, [[0, 1, 1, -1, 7], [1, 2, 1, -2, 8]])).toEqual([0, 2, 1, -2, 8]);
    expect(mean(dtype, [[0, 0, -8], [3, 5, 0]], [1, 3])).toEqual([2, 4, -2]);
  });

  it('of U8 keeps to the range', () => {
    expect(mean('U8', [[255, 0, 1], [255, 1, 2]])).toEqual([255, 0, 2]);
  });

  it('of BOOL is the weighted majority, true on a tie', () => {
    expect(mean('BOOL', [[1, 1, 0], [0, 1, 0]])).toEqual([1, 1, 0]);
    expect(mean('BOOL', [[1, 0], [0, 1]], [1, 3])).toEqual([0, 1]);
  });

  it.each(DTYPES)('of one update in %s gives it back bit for bit', (dtype) => {
    const random = fc.uint8Array({ minLength: 8 * byteWidth(dtype), maxLength: 8 * byteWidth(dtype) });
    fc.assert(
      fc.property(random, fc.oneof(fc.constant(null), fc.integer({ min: 1 })), (bytes, count) => {
        const values = new Float64Array(8);
        if (dtype === 'BOOL') bytes.forEach((byte, i) => (bytes[i] = byte & 1));
        if (dtype !== 'I64') decode(dtype, bytes, values);
        fc.pre(values.every(Number.isFinite));
        expect(meanBytes(dtype, [bytes], [count])).toEqual(bytes);
      }),
    );
  });

  it.each(['F64', 'F32', 'F16', 'BF16'] as const)('of one update in %s keeps -0 and subnormals', (dtype) => {
    const smallest = { F64: 5e-324, F32: 2 ** -149, F16: 2 ** -24, BF16: 2 ** -133 }[dtype];
    expect(mean(dtype, [[-0, smallest, -smallest]])).toEqual([-0, smallest, -smallest]);
    expect(mean(dtype, [[-0], [-0], [-0]])).toEqual([-0]);
  });

  it('in F64 and F32 is the plain sum of coefficient times value, in order, cast once', () => {
    const updates = fc.array(fc.tuple(fc.array(finite, { minLength: 19, maxLength: 19 }), fc.integer({ min: 1, max: 1e6 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(updates, (list) => {
        const total = list.reduce((sum, [, count]) => sum + count, 0);
        const sumOf = (values: (update: number[]) => number[]) =>
          Array.from({ length: 19 }, (_, i) => list.reduce((sum, [update, count]) => sum + (count / total) * values(update)[i]!, -0));
        const counts = list.map(([, count]) => count);
        expect(mean('F64', list.map(([update]) => update), counts)).toEqual(sumOf((update) => update));
        const small = list.map(([update]) => update.map((x) => Math.fround(x / 1e65)));
        expect(mean('F32', small, counts)).toEqual(sumOf((update) => update.map((x) => Math.fround(x / 1e65))).map(Math.fround));
      }),
    );
  });

  it('is within rounding of the exact rational mean', () => {
    const update = fc.tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }));
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 50 }), (list) => {
        const weighted = list.reduce((sum, [value, count]) => sum + BigInt(value) * BigInt(count), 0n);
        const total = list.reduce((sum, [, count]) => sum + BigInt(count), 0n);
        const exact = Number((weighted * 10n ** 12n) / total) / 1e12;
        const [float] = mean('F64', list.map(([value]) => [value]), list.map(([, count]) => count));
        expect(Math.abs(float! - exact)).toBeLessThan(1e-8);
        const [integer] = mean('I32', list.map(([value]) => [value]), list.map(([, count]) => count));
        expect(Math.abs(integer! - exact)).toBeLessThanOrEqual(0.5 + 1e-8);
      }),
    );
  });

  it('does not depend on the order of arrival, as updates are added in the order of their devices', () => {
    const arrivals = fc.uniqueArray(fc.tuple(fc.string(), finite, fc.integer({ min: 1, max: 1000 })), { selector: ([id]) => id, minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(arrivals, fc.infiniteStream(fc.nat()), (updates, random) => {
        const shuffled = updates.map((update) => [random.next().value, update] as const).toSorted(([a], [b]) => a - b).map(([, update]) => update);
        expect(inIdOrder(shuffled)).toEqual(inIdOrder(updates));
      }),
    );
  });

  it('stays finite at the edge of float64', () => {
    const edge = Number.MAX_VALUE;
    for (let n = 1; n < 50; n++) {
      const [high, low] = mean('F64', Array.from({ length: n }, () => [edge, -edge]));
      expect(Number.isFinite(high)).toBe(true);
      expect(Number.isFinite(low)).toBe(true);
    }
  });

  it.each([['F32', 3.4028234663852886e38], ['F16', 65504], ['BF16', 3.3895313892515355e38]] as const)(
    'in %s keeps the largest value that all updates agree on',
    (dtype, largest) => {
      for (let n = 1; n < 50; n++) expect(mean(dtype, Array.from({ length: n }, () => [largest]))).toEqual([largest]);
    },
  );
});

const int64Mean = (values: bigint[], counts?: (number | null)[]) =>
  new BigInt64Array(meanBytes('I64', values.map((value) => int64s([value])), counts).buffer)[0]!;

describe('federated averaging of I64', () => {
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

  it('gives back any value that all updates agree on, beyond 2^53 too', () => {
    fc.assert(
      fc.property(int64, fc.integer({ min: 1, max: 20 }), (value, n) => {
        expect(int64Mean(Array.from({ length: n }, () => value))).toBe(value);
      }),
    );
  });

  it('is exact for large values that lie close together', () => {
    const large = 2n ** 62n + 1n;
    expect(int64Mean([large, large + 2n])).toBe(large + 1n);
    expect(int64Mean([-large, -large - 6n], [1, 2])).toBe(-large - 4n);
    expect(int64Mean([large, large + 1n])).toBe(large + 1n);
    expect(int64Mean([large + 1n, large + 2n])).toBe(large + 1n);
  });

  it('never leaves the range of the updates by more than rounding', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(int64, fc.integer({ min: 1, max: 1000 })), { minLength: 1, maxLength: 10 }), (list) => {
        const result = int64Mean(list.map(([value]) => value), list.map(([, count]) => count));
        const weighted = list.reduce((sum, [value, count]) => sum + value * BigInt(count), 0n);
        const total = list.reduce((sum, [, count]) => sum + BigInt(count), 0n);
        const error = result - weighted / total;
        expect(error < 2n ** 14n && error > -(2n ** 14n)).toBe(true);
      }),
    );
  });
});

describe('a block of a mean', () => {
  const reducerOf = (dtype: DType, blockLength: number) => (dtype === 'I64' ? int64MeanReducer(blockLength) : meanReducer(dtype, blockLength));

  it.each(DTYPES)('of %s may follow another, the last one shorter', (dtype) => {
    const updates = [0, 1, 1, 1, 0, 0, 1].map((value, i) => (dtype === 'BOOL' ? value : value + i));
    for (const blockLength of [1, 2, 3, 7, 8]) {
      expect(combined('FedAvg', dtype, [elementsOf(dtype, updates)], undefined, blockLength)).toEqual(elementsOf(dtype, updates));
    }
  });

  it.each(DTYPES)('of %s may lie at any address', (dtype) => {
    const bytes = elementsOf(dtype, [1, 0, 1]);
    const shifted = Buffer.concat([Buffer.from([0xee]), bytes]).subarray(1);
    const reducer = reducerOf(dtype, 3);
    reducer.begin(3);
    reducer.add(shifted, 0.5);
    reducer.add(bytes, 0.5);
    expect([...reducer.finish()].map(Number)).toEqual([1, 0, 1]);
  });

  it.each(DTYPES)('of %s is refused when it is too long, of another length, or without updates', (dtype) => {
    const reducer = reducerOf(dtype, 2);
    expect(() => reducer.begin(3)).toThrow(RangeError);
    reducer.begin(2);
    expect(() => reducer.finish()).toThrow(RangeError);
    expect(() => reducer.add(elementsOf(dtype, [1]), 1)).toThrow(RangeError);
  });
});
