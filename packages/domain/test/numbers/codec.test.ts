import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/numbers/codec.js';
import { byteWidth, type DType, DTYPES } from '../../src/numbers/dtype.js';

function encoded(dtype: DType, ...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * byteWidth(dtype));
  encode(dtype, Float64Array.from(values), bytes);
  return bytes;
}

function decoded(dtype: DType, bytes: Uint8Array): number[] {
  const values = new Float64Array(bytes.length / byteWidth(dtype));
  decode(dtype, bytes, values);
  return [...values];
}

const roundTrip = (dtype: DType, ...values: number[]) => decoded(dtype, encoded(dtype, ...values));

const allPatterns = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern);

/** The float64 next to `x` > 0, by `steps`. */
function beside(x: number, steps: bigint): number {
  const bits = BigInt64Array.from([0n]);
  const value = new Float64Array(bits.buffer);
  value[0] = x;
  bits[0]! += steps;
  return value[0];
}

describe.each(['F16', 'BF16'] as const)('%s', (dtype) => {
  const values = decoded(dtype, new Uint8Array(allPatterns.buffer));
  const firstInfinity = values.indexOf(Infinity);

  it('comes back bit for bit for all 65,536 patterns, every NaN as a NaN', () => {
    const again = new Uint16Array(encoded(dtype, ...values).buffer);
    const changed = allPatterns.filter((pattern) =>
      Number.isNaN(values[pattern]) ? !Number.isNaN(values[again[pattern]!]) : again[pattern] !== pattern,
    );
    expect(changed).toHaveLength(0);
  });

  it('rounds to nearest, ties to even, at every midpoint and directly beside it', () => {
    const wrong = allPatterns.subarray(0, firstInfinity - 1).filter((pattern) => {
      const midpoint = (values[pattern]! + values[pattern + 1]!) / 2;
      const near = [beside(midpoint, -1n), midpoint, beside(midpoint, 1n)];
      const even = pattern % 2 === 0 ? pattern : pattern + 1;
      const patterns = new Uint16Array(encoded(dtype, ...near, ...near.map((x) => -x)).buffer);
      const expected = [pattern, even, pattern + 1];
      const all = [...expected, ...expected.map((bits) => bits | 0x8000)];
      return all.some((bits, i) => bits !== patterns[i]);
    });
    expect(wrong).toHaveLength(0);
  });

  it('overflows to infinity from half a step above its largest value', () => {
    const largest = values[firstInfinity - 1]!;
    const edge = largest + (largest - values[firstInfinity - 2]!) / 2;
    expect(roundTrip(dtype, beside(edge, -1n), edge, -edge, 1e308)).toEqual([largest, Infinity, -Infinity, Infinity]);
  });
});

describe('float values known by heart', () => {
  it('F16', () => {
    const patterns = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x8000, 0x3555];
    const bytes = new Uint8Array(Uint16Array.from(patterns).buffer);
    expect(decoded('F16', bytes)).toEqual([1, -2, 65504, 2 ** -24, 2 ** -14, -0, 0.333251953125]);
  });

  it('BF16 is the upper half of a float32', () => {
    const bytes = new Uint8Array(Uint16Array.of(0x3f80, 0xc049, 0x0001, 0x8000).buffer);
    expect(decoded('BF16', bytes)).toEqual([1, -3.140625, 2 ** -133, -0]);
  });

  it('F16 is rounded once: by way of float32 this one would become 1', () => {
    expect(roundTrip('F16', 1 + 2 ** -11 + 2 ** -40)).toEqual([1 + 2 ** -10]);
  });

  it('F32 keeps what Math.fround keeps, subnormals and -0 too', () => {
    expect(roundTrip('F32', 0.1, 2 ** -149, -0, 1e300)).toEqual([Math.fround(0.1), 2 ** -149, -0, Infinity]);
  });

  it('F64 keeps everything', () => {
    expect(roundTrip('F64', 0.1, 5e-324, -0, Number.MAX_VALUE)).toEqual([0.1, 5e-324, -0, Number.MAX_VALUE]);
  });
});

describe('integers', () => {
  it('round to nearest, ties to even', () => {
    for (const dtype of ['I64', 'I32', 'I16', 'I8'] as const) {
      expect(roundTrip(dtype, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4999, 2.5001, -2.6)).toEqual(
        [0, 2, 2, 0, -2, -2, 2, 3, -3],
      );
    }
  });

  it.each([
    ['I32', -(2 ** 31), 2 ** 31 - 1],
    ['I16', -32768, 32767],
    ['I8', -128, 127],
    ['U8', 0, 255],
  ] as const)('%s stops at the ends of its range', (dtype, lowest, highest) => {
    expect(roundTrip(dtype, -1e300, lowest - 1, lowest, highest, highest + 1, 1e300)).toEqual(
      [lowest, lowest, lowest, highest, highest, highest],
    );
  });

  it('I64 stops at the ends of its range', () => {
    const ends = new BigInt64Array(encoded('I64', -1e300, -(2 ** 63), 2 ** 62, 2 ** 63, 1e300).buffer);
    expect([...ends]).toEqual([-(2n ** 63n), -(2n ** 63n), 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n - 1n]);
  });

  it('I64 agrees with BigInt for every safe integer', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1 }), (integers) => {
        const bytes = encoded('I64', ...integers);
        expect([...new BigInt64Array(bytes.buffer)]).toEqual(integers.map(BigInt));
        // A BigInt has no -0.
        expect(decoded('I64', bytes)).toEqual(integers.map((integer) => integer + 0));
      }),
    );
  });

  it('I64 beyond 2^53 is never decoded to another number', () => {
    const bytes = new Uint8Array(BigInt64Array.of(2n ** 53n + 1n).buffer);
    expect(() => decode('I64', bytes, new Float64Array(1))).toThrow(/beyond 2\^53/);
  });
});

describe('a codec', () => {
  it('makes BOOL true from one half upwards', () => {
    expect(roundTrip('BOOL', 0, 0.4999, 0.5, 1)).toEqual([0, 0, 1, 1]);
  });

  it.each(DTYPES)('works on %s bytes at any address, in a Node Buffer too', (dtype) => {
    const values = Float64Array.of(0, 1, 1, 0, 1);
    const length = values.length * byteWidth(dtype);
    for (let offset = 0; offset < 8; offset++) {
      const bytes = Buffer.alloc(64, 0xee).subarray(offset, offset + length);
      encode(dtype, values, bytes);
      const back = new Float64Array(values.length);
      decode(dtype, bytes, back);
      expect(back).toEqual(values);
    }
  });

  it.each(DTYPES)('refuses %s bytes that are not as many as the elements', (dtype) => {
    const bytes = new Uint8Array(2 * byteWidth(dtype) + 1);
    expect(() => decode(dtype, bytes, new Float64Array(2))).toThrow(RangeError);
    expect(() => encode(dtype, new Float64Array(2), bytes)).toThrow(RangeError);
  });
});
