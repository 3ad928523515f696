import { describe, expect, it } from 'vitest';
import { coefficients, meanOfTensors, weightedSum } from '../src/check/weighted-mean.js';

const bytes = (array: ArrayBufferView) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

describe('the checker’s own weighted mean', () => {
  it('weighs by examples, or equally when there are none', () => {
    expect(coefficients([1, 3])).toEqual([0.25, 0.75]);
    expect(coefficients([null, null])).toEqual([0.5, 0.5]);
  });

  it('keeps a lone −0', () => expect(weightedSum([-0], [1])).toBe(-0));

  it('rounds float32 once', () => {
    const mean = meanOfTensors('F32', [bytes(new Float32Array([0.1])), bytes(new Float32Array([0.2]))], [0.5, 0.5]);
    expect(mean.readFloatLE(0)).toBe(Math.fround(Math.fround(0.1) * 0.5 + Math.fround(0.2) * 0.5));
  });

  it.each(['F16', 'BF16'])('gives every finite %s back as it is', (dtype) => {
    const exponent = dtype === 'F16' ? 0x7c00 : 0x7f80;
    const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => (bits & exponent) !== exponent);
    expect(meanOfTensors(dtype, [bytes(all), bytes(all)], [0.5, 0.5]).equals(bytes(all))).toBe(true);
  });

  it('rounds halves to the even neighbour, in 16-bit floats and in integers', () => {
    // 1 and 1 + 2^-10 are neighbours in float16.
    const halves = meanOfTensors('F16', [bytes(new Uint16Array([0x3c00, 0x3c01])), bytes(new Uint16Array([0x3c01, 0x3c02]))], [0.5, 0.5]);
    expect([...new Uint16Array(halves.buffer, halves.byteOffset, 2)]).toEqual([0x3c00, 0x3c02]);
    const integers = meanOfTensors('I32', [bytes(new Int32Array([0, 1, -1])), bytes(new Int32Array([1, 2, 0]))], [0.5, 0.5]);
    expect([...new Int32Array(integers.buffer, integers.byteOffset, 3)]).toEqual([0, 2, 0]);
  });

  it('keeps int64 that float64 cannot hold', () => {
    const large = 2n ** 60n + 1n;
    expect(meanOfTensors('I64', [bytes(new BigInt64Array([large])), bytes(new BigInt64Array([large + 2n]))], [0.5, 0.5]).readBigInt64LE(0)).toBe(large + 1n);
  });
});
