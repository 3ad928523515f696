import { elementCount } from '../../layout/model-layout.js';
import { decode } from '../../numbers/codec.js';
import { byteWidth } from '../../numbers/dtype.js';
import type { Strategy } from '../strategy.js';

const WIDEST = byteWidth('F64');
const ROWS_BYTES = 64 * 1024 * 1024;
const LONGEST_BLOCK = 32 * 1024;
const SHORTEST_BLOCK = 1024;

/**
 * The median of the updates at each coordinate; of an even number of them, the mean of the middle two. However far
 * fewer than half of the updates lie from the others, it stays among those. Numbers of examples don't count: a liar's
 * would count most.
 * Source: Yin et al., "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates", 2018,
 * arXiv:1803.01498, definition 1.
 *
 * Integers are exact, a half goes to the even one. −0 lies below 0. It holds a block of every update at once: 64 MiB at
 * most, up to 8,192 updates.
 */
export const fedMedian: Strategy = {
  name: 'FedMedian',
  keepsLoneUpdate: true,
  plan({ tensors, updates }) {
    if (updates.length === 0) throw new RangeError('There are no updates to take the median of.');
    const longest = tensors.reduce((length, { shape }) => Math.max(length, elementCount(shape)), 1);
    const roomy = Math.max(SHORTEST_BLOCK, Math.min(LONGEST_BLOCK, Math.floor(ROWS_BYTES / WIDEST / updates.length)));
    const blockLength = Math.min(longest, roomy);
    /** The block of one update after the other: float64, or I64 as they are. */
    const rows = new ArrayBuffer(updates.length * blockLength * WIDEST);
    const stored = new Uint8Array(blockLength * WIDEST);
    const medians = new Float64Array(blockLength);
    const int64Medians = new BigInt64Array(blockLength);
    return {
      blockLength,
      numbers(block) {
        const { tensor, length } = block;
        if (tensor.dtype === 'I64') {
          updates.forEach((update, i) => update.read(block, new Uint8Array(rows, i * length * WIDEST, length * WIDEST)));
          return takeInt64Medians(new BigInt64Array(rows, 0, updates.length * length), int64Medians.subarray(0, length));
        }
        const elements = stored.subarray(0, length * byteWidth(tensor.dtype));
        updates.forEach((update, i) => {
          update.read(block, elements);
          decode(tensor.dtype, elements, new Float64Array(rows, i * length * WIDEST, length));
        });
        return takeMedians(new Float64Array(rows, 0, updates.length * length), medians.subarray(0, length));
      },
    };
  },
};

/** The median of each column of `rows`, which are as long as `medians`. */
function takeMedians(rows: Float64Array, medians: Float64Array): Float64Array {
  const { length } = medians;
  const count = rows.length / length;
  const upper = count >> 1;
  const column = new Float64Array(count);
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < count; k++) column[k] = rows[k * length + i]!;
    column.sort();
    medians[i] = count % 2 === 1 ? column[upper]! : midpoint(column[upper - 1]!, column[upper]!);
  }
  return medians;
}

/** Halves first where the sum is no float64. */
function midpoint(lower: number, upper: number): number {
  const sum = lower + upper;
  return Number.isFinite(sum) ? sum / 2 : lower / 2 + upper / 2;
}

function takeInt64Medians(rows: BigInt64Array, medians: BigInt64Array): BigInt64Array {
  const { length } = medians;
  const count = rows.length / length;
  const upper = count >> 1;
  const column = new BigInt64Array(count);
  // Copied as 32-bit words: as bigints they would be made one by one.
  const words = new Uint32Array(rows.buffer);
  const columnWords = new Uint32Array(column.buffer);
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < count; k++) {
      columnWords[2 * k] = words[2 * (k * length + i)]!;
      columnWords[2 * k + 1] = words[2 * (k * length + i) + 1]!;
    }
    column.sort();
    medians[i] = count % 2 === 1 ? column[upper]! : int64Midpoint(column[upper - 1]!, column[upper]!);
  }
  return medians;
}

function int64Midpoint(lower: bigint, upper: bigint): bigint {
  const sum = lower + upper;
  const below = sum >> 1n;
  return sum % 2n !== 0n && below % 2n !== 0n ? below + 1n : below;
}
