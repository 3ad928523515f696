import { decode } from '../../numbers/codec.js';
import { byteWidth, type DType } from '../../numbers/dtype.js';
import { saturate } from '../../numbers/rounding.js';
import { viewAs } from '../../numbers/view-as.js';
import { plainMemory, type BlockMemory } from './block-memory.js';
import type { BlockReducer } from './block-reducer.js';
import { requireBlockBytes, requireBlockFits, requireUpdates } from './block-size.js';

/** Weighted mean Σ c·x in float64, for every dtype that float64 holds exactly: all but I64. Elements that lie in `memory` are added there. */
export function meanReducer(dtype: Exclude<DType, 'I64'>, blockLength: number, memory: BlockMemory = plainMemory): BlockReducer {
  const width = byteWidth(dtype);
  const takeNumbers = () => viewAs(Float64Array, memory.take(blockLength * Float64Array.BYTES_PER_ELEMENT));
  const sums = takeNumbers();
  const decoded = dtype === 'F32' || dtype === 'F64' ? undefined : takeNumbers();
  let sum = sums;
  let updates = 0;

  return {
    begin(length) {
      requireBlockFits(length, blockLength);
      // −0 is the sum of nothing: unlike +0 it leaves every first number as it is, −0 too.
      sum = sums.subarray(0, length).fill(-0);
      updates = 0;
    },
    add(bytes, coefficient) {
      requireBlockBytes(bytes, sum.length, width);
      updates++;
      if (dtype === 'F32') {
        memory.accumulateFloat32(sum, viewAs(Float32Array, bytes), coefficient);
      } else if (decoded) {
        const values = decoded.subarray(0, sum.length);
        decode(dtype, bytes, values);
        memory.accumulateFloat64(sum, values, coefficient);
      } else {
        memory.accumulateFloat64(sum, viewAs(Float64Array, bytes), coefficient);
      }
    },
    finish() {
      requireUpdates(updates);
      if (dtype === 'F64') keepFinite(sum);
      return sum;
    },
  };
}

// A mean of finite numbers is finite. Rounding can lift it over the edge at ±1.8e308, and only
// there: any narrower dtype rounds it back.
function keepFinite(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    values[i] = saturate(values[i]!, -Number.MAX_VALUE, Number.MAX_VALUE);
  }
}
