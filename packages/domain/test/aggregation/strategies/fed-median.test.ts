import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom, testSeed } from '@vergeai/testkit';
import { byteWidth, DTYPES, type DType } from '../../../src/numbers/dtype.js';
import { combined, elementsOf, int64s, numbersOf, outcomeOf, valuesOf } from '../../support/round.js';

const median = (dtype: DType, updates: readonly number[][], counts?: readonly (number | null)[]): number[] =>
  valuesOf(dtype, combined('FedMedian', dtype, updates.map((update) => elementsOf(dtype, update)), counts));

const int64Median = (...updates: bigint[][]): bigint[] => [...new BigInt64Array(combined('FedMedian', 'I64', updates.map(int64s)).buffer)];

const FLOATS = ['F64', 'F32', 'F16', 'BF16'] as const;
const INTEGERS = ['I32', 'I16', 'I8', 'U8'] as const;
const LARGEST = { F64: Number.MAX_VALUE, F32: 3.4028234663852886e38, F16: 65504, BF16: 3.3895313892515355e38 };
const SMALLEST = { F64: 5e-324, F32: 2 ** -149, F16: 2 ** -24, BF16: 2 ** -133 };

describe('the federated median', () => {
  it.each(FLOATS)('of %s is the value in the middle, coordinate by coordinate', (dtype) => {
    expect(median(dtype, [[1, 8, -4], [2, 0, -5], [9, 4, -6]])).toEqual([2, 4, -5]);
    expect(median(dtype, [[7], [7], [0.5], [7], [-100]])).toEqual([7]);
  });

  it.each(FLOATS)('of an even number of %s is the mean of the two in the middle', (dtype) => {
    expect(median(dtype, [[1, -3], [2, 5]])).toEqual([1.5, 1]);
    expect(median(dtype, [[100, 3], [1, 4], [3, 4], [2, 8]])).toEqual([2.5, 4]);
  });

  it.each(INTEGERS)('of %s is exact, and a half goes to the even one', (dtype) => {
    expect(median(dtype, [[0, 1, 2, 3], [1, 2, 3, 4]])).toEqual([0, 2, 2, 4]);
    expect(median(dtype, [[9, 0], [1, 100], [4, 50]])).toEqual([4, 50]);
  });

  it('of BOOL is what most say, true on a tie', () => {
    expect(median('BOOL', [[1, 1, 0], [0, 1, 0], [1, 0, 0]])).toEqual([1, 1, 0]);
    expect(median('BOOL', [[1, 0, 1], [0, 0, 1]])).toEqual([1, 0, 1]);
  });

  it('of I64 is exact beyond 2^53 too, and a half goes to the even one', () => {
    const big = 2n ** 62n + 1n;
    const [lowest, highest] = [-(2n ** 63n), 2n ** 63n - 1n];
    expect(int64Median([big, 0n], [big + 2n, -1n], [lowest, highest])).toEqual([big, 0n]);
    expect(int64Median([big, -1n, 1n], [big + 2n, -2n, 2n])).toEqual([big + 1n, -2n, 2n]);
    expect(int64Median([big + 1n, -3n], [big + 2n, -4n])).toEqual([big + 1n, -4n]);
    expect(int64Median([lowest, highest, lowest], [highest, highest, lowest])).toEqual([0n, highest, lowest]);
  });

  it.each(FLOATS)('of %s keeps the largest, the smallest and -0', (dtype) => {
    const [largest, smallest] = [LARGEST[dtype], SMALLEST[dtype]];
    for (let n = 1; n <= 6; n++) {
      const agreed = [largest, -largest, smallest, -smallest, -0, 0];
      expect(median(dtype, Array.from({ length: n }, () => agreed))).toEqual(agreed);
    }
    expect(median(dtype, [[largest, -largest], [-largest, largest]])).toEqual([0, 0]);
  });

  it('stays finite where the sum of the middle two is none', () => {
    expect(median('F64', [[1.7e308, -1.7e308], [1.5e308, -1.6e308]])).toEqual([1.7e308 / 2 + 1.5e308 / 2, -1.7e308 / 2 - 1.6e308 / 2]);
  });

  it('takes -0 for less than 0', () => {
    expect(median('F64', [[0, -0, -0, -1, 0], [-0, 0, -0, -0, -0], [0, -0, 0, 0, 1]])).toEqual([0, -0, -0, -0, 0]);
    expect(median('F64', [[-0, -0], [0, -0]])).toEqual([0, -0]);
  });

  it('does not ask for the numbers of examples: a liar would have the most', () => {
    expect(median('F64', [[1], [2], [1000]], [1, 1, 2 ** 50])).toEqual([2]);
    expect(median('F64', [[1], [2], [1000]], [null, null, null])).toEqual([2]);
  });

  it.each(DTYPES)('of one update in %s gives it back bit for bit', (dtype) => {
    const random = fc.uint8Array({ minLength: 8 * byteWidth(dtype), maxLength: 8 * byteWidth(dtype) });
    fc.assert(
      fc.property(random, fc.integer({ min: 1, max: 2 ** 50 }), (bytes, count) => {
        if (dtype === 'BOOL') bytes.forEach((byte, i) => (bytes[i] = byte & 1));
        if (dtype !== 'I64') fc.pre(valuesOf(dtype, bytes).every(Number.isFinite));
        expect(combined('FedMedian', dtype, [bytes], [count])).toEqual(bytes);
      }),
    );
  });

  it('of tensors without elements, of a single number, and of several tensors is each of its own', () => {
    const tensors = [
      { name: 'none', dtype: 'F32' as const, shape: [0, 3] },
      { name: 'one', dtype: 'F64' as const, shape: [] },
      { name: 'steps', dtype: 'I64' as const, shape: [1] },
    ];
    const update = (one: number, steps: bigint) => {
      const elements = new Map([['none', new Uint8Array()], ['one', elementsOf('F64', [one])], ['steps', int64s([steps])]]);
      return { ...numbersOf(elements), numExamples: null };
    };
    const outcome = outcomeOf('FedMedian', { tensors, updates: [update(5, 1n), update(-2, 10n), update(3, 4n)] });
    expect(outcome).toEqual(new Map([['none', new Uint8Array()], ['one', elementsOf('F64', [3])], ['steps', int64s([4n])]]));
  });

  it('refuses a round without updates', () => {
    expect(() => outcomeOf('FedMedian', { tensors: [], updates: [] })).toThrow(RangeError);
  });
});

// The same once more, told differently: by counting who lies below instead of sorting, and by looking for the nearest
// number that a dtype has instead of rounding.

const liesBelow = (a: number | bigint, b: number | bigint) => a < b || (Object.is(a, -0) && Object.is(b, 0));

function ranked<T extends number | bigint>(values: readonly T[], rank: number): T {
  return values.find((value) => {
    const below = values.filter((other) => liesBelow(other, value)).length;
    const same = values.filter((other) => !liesBelow(other, value) && !liesBelow(value, other)).length;
    return below <= rank && rank < below + same;
  })!;
}

function plainMedian(values: readonly number[]): number {
  if (values.length % 2 === 1) return ranked(values, (values.length - 1) / 2);
  const [lower, upper] = [ranked(values, values.length / 2 - 1), ranked(values, values.length / 2)];
  return Math.abs(lower + upper) === Infinity ? lower / 2 + upper / 2 : (lower + upper) / 2;
}

function plainInt64Median(values: readonly bigint[]): bigint {
  const middle = values.length % 2 === 1 ? [(values.length - 1) / 2] : [values.length / 2 - 1, values.length / 2];
  const sum = middle.reduce((total, rank) => total + ranked(values, rank), 0n);
  const count = BigInt(middle.length);
  return [sum / count - 1n, sum / count, sum / count + 1n].toSorted((a, b) => {
    const [farA, farB] = [a, b].map((one) => (one * count - sum < 0n ? sum - one * count : one * count - sum)) as [bigint, bigint];
    return farA === farB ? Number((a % 2n) ** 2n - (b % 2n) ** 2n) : Number(farA - farB);
  })[0]!;
}

/** The numbers of each 16-bit float, by bit pattern, in ascending order; −0 and 0 are one. */
const miniFloats = new Map(
  (['F16', 'BF16'] as const).map((dtype) => {
    const patterns = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter((bits) => bits !== 0x8000);
    const values = valuesOf(dtype, new Uint8Array(patterns.buffer));
    return [dtype, values.map((value, i) => ({ value, isEven: patterns[i]! % 2 === 0 })).filter(({ value }) => Number.isFinite(value)).toSorted((a, b) => a.value - b.value)];
  }),
);

function nearestMiniFloat(dtype: 'F16' | 'BF16', x: number): number {
  const list = miniFloats.get(dtype)!;
  let [low, high] = [0, list.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle]!.value <= x) low = middle;
    else high = middle;
  }
  const [down, up] = [x - list[low]!.value, list[high]!.value - x];
  const nearest = down < up || (down === up && list[low]!.isEven) ? list[low]!.value : list[high]!.value;
  return nearest === 0 && (x < 0 || Object.is(x, -0)) ? -0 : nearest;
}

function plainCast(dtype: DType, x: number): number {
  if (dtype === 'F64') return x;
  if (dtype === 'F32') return Math.fround(x);
  if (dtype === 'F16' || dtype === 'BF16') return nearestMiniFloat(dtype, x);
  if (dtype === 'BOOL') return x < 0.5 ? 0 : 1;
  const [down, up] = [Math.floor(x), Math.ceil(x)];
  // Integers have no −0.
  return (x - down < up - x || (x - down === up - x && down % 2 === 0) ? down : up) + 0;
}

describe('the federated median as told differently', () => {
  const random = seededRandom(testSeed('fed-median'));
  const below = (limit: number) => Math.floor(random() * limit);
  const counts = [1, 2, 3, 4, 5, 6, 9, 10, 40, 63, 64, 65, 66, 200, 201];

  /** Numbers of all sizes, edges, and few enough different ones that some meet. */
  function draw(dtype: DType): number {
    if (dtype === 'BOOL') return below(2);
    if (dtype === 'U8') return random() < 0.3 ? below(3) : below(256);
    const bits = { I8: 8, I16: 16, I32: 32 }[dtype as string];
    if (bits) return (random() < 0.3 ? below(5) - 2 : Math.floor((random() - 0.5) * 2 ** bits)) + 0;
    const floats = dtype as (typeof FLOATS)[number];
    const edges = [0, -0, 1, -1, SMALLEST[floats], -SMALLEST[floats], LARGEST[floats], -LARGEST[floats]];
    if (random() < 0.4) return edges[below(edges.length)]!;
    const exponent = (random() - 0.5) * { F64: 600, F32: 70, F16: 8, BF16: 70 }[floats];
    return plainCast(dtype, (random() - 0.5) * 10 ** exponent);
  }

  it.each(DTYPES.filter((dtype) => dtype !== 'I64'))('is the same in %s, to the last bit, of few updates and many', (dtype) => {
    for (const count of counts) {
      const updates = Array.from({ length: count }, () => Array.from({ length: 40 }, () => draw(dtype)));
      const expected = Array.from({ length: 40 }, (_, i) => plainCast(dtype, plainMedian(updates.map((update) => update[i]!))));
      expect(median(dtype, updates), `${count} updates`).toEqual(expected);
    }
  });

  it('is the same in I64, of few updates and many', () => {
    const drawInt64 = () => (random() < 0.4 ? BigInt(below(5) - 2) : (BigInt(below(2 ** 32)) << 32n) + BigInt(below(2 ** 32)) - 2n ** 63n);
    for (const count of counts) {
      const updates = Array.from({ length: count }, () => Array.from({ length: 40 }, drawInt64));
      const expected = Array.from({ length: 40 }, (_, i) => plainInt64Median(updates.map((update) => update[i]!)));
      expect(int64Median(...updates), `${count} updates`).toEqual(expected);
    }
  });

  it.each(DTYPES)('depends in %s neither on the order of the updates nor on the length of blocks', (dtype) => {
    for (const count of [2, 3, 6, 7, 130]) {
      const draws = () => (dtype === 'I64' ? int64s([1n, 2n ** 60n, -5n, 7n].map((value) => value + BigInt(below(3)))) : elementsOf(dtype, Array.from({ length: 41 }, () => draw(dtype))));
      const updates = Array.from({ length: count }, draws);
      const whole = combined('FedMedian', dtype, updates);
      const shuffled = updates.map((update) => ({ update, place: random() })).toSorted((a, b) => a.place - b.place).map(({ update }) => update);
      for (const blockLength of [1, 7, 40, 1000]) expect(combined('FedMedian', dtype, shuffled, undefined, blockLength)).toEqual(whole);
    }
  });

  it('lies among the honest ones, whatever the fewer half of liars send', () => {
    for (let turn = 0; turn < 200; turn++) {
      const honest = Array.from({ length: 1 + below(6) }, () => random());
      const liars = Array.from({ length: below(honest.length) }, () => (random() - 0.5) * 1e300);
      const [value] = median('F64', [...honest, ...liars].map((one) => [one]));
      expect(value).toBeGreaterThanOrEqual(Math.min(...honest));
      expect(value).toBeLessThanOrEqual(Math.max(...honest));
    }
  });
});
