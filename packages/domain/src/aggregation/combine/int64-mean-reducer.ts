import { byteWidth } from '../../numbers/dtype.js';
import { viewAs } from '../../numbers/view-as.js';
import type { BlockReducer } from './block-reducer.js';
import { requireBlockBytes, requireBlockFits, requireUpdates } from './block-size.js';

const WORD = 4294967296;
const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;

/**
 * Weighted mean of 64-bit integers, as x₁ + Σ c·(x − x₁). float64 holds integers up to 2^53 only,
 * but here it only has to hold differences: values any size that the updates agree on come back
 * exactly, and the result is off by no more than a float64 rounding of how far they disagree.
 */
export function int64MeanReducer(blockLength: number): BlockReducer {
  const width = byteWidth('I64');
  // The first update, as 32-bit words: BigInt arithmetic is twenty times slower.
  const base = new Uint8Array(blockLength * width);
  const baseLow = new Uint32Array(base.buffer);
  const baseHigh = new Int32Array(base.buffer);
  const offsets = new Float64Array(blockLength);
  const means = new BigInt64Array(blockLength);
  let length = 0;
  let updates = 0;

  return {
    begin(elements) {
      requireBlockFits(elements, blockLength);
      length = elements;
      updates = 0;
    },
    add(bytes, coefficient) {
      requireBlockBytes(bytes, length, width);
      if (updates++ === 0) {
        base.set(bytes);
        offsets.fill(0, 0, length);
        return;
      }
      const low = viewAs(Uint32Array, bytes);
      const high = viewAs(Int32Array, bytes);
      for (let i = 0; i < length; i++) {
        const difference = (high[2 * i + 1]! - baseHigh[2 * i + 1]!) * WORD + (low[2 * i]! - baseLow[2 * i]!);
        offsets[i]! += coefficient * difference;
      }
    },
    finish() {
      requireUpdates(updates);
      const first = viewAs(BigInt64Array, base);
      for (let i = 0; i < length; i++) means[i] = plus(first[i]!, offsets[i]!);
      return means.subarray(0, length);
    },
  };
}

function plus(first: bigint, offset: number): bigint {
  const whole = Math.floor(offset);
  const rest = offset - whole;
  const below = first + BigInt(whole);
  const up = rest > 0.5 || (rest === 0.5 && below % 2n !== 0n);
  const mean = up ? below + 1n : below;
  return mean < LOWEST ? LOWEST : mean > HIGHEST ? HIGHEST : mean;
}
