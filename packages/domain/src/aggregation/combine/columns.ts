import type { TensorSpec } from '../../layout/model-layout.js';
import { elementCount } from '../../layout/model-layout.js';
import type { Contribution, ContributionReader } from '../contribution.js';
import type { Plan } from '../round.js';
import { Rows } from './rows.js';
import { sortAscending } from './sort-ascending.js';

/** What becomes of the values that the updates have for one number of the model, sorted from the least to the greatest. */
export interface ColumnRule {
  readonly float64: (sorted: Float64Array) => number;
  readonly int64: (sorted: BigInt64Array) => bigint;
}

/** A model whose every number follows from its own column of values alone. */
export function byColumn(rule: ColumnRule, tensors: readonly TensorSpec[], contributions: readonly Contribution[], reader: ContributionReader): Plan {
  const longest = tensors.reduce((length, { shape }) => Math.max(length, elementCount(shape)), 1);
  const rows = new Rows(contributions, reader, longest);
  const values = new Float64Array(rows.blockLength);
  const integers = new BigInt64Array(rows.blockLength);
  return {
    blockLength: rows.blockLength,
    numbers: (block) =>
      block.tensor.dtype === 'I64'
        ? ofInt64Columns(rule, rows.int64(block), integers.subarray(0, block.length))
        : ofColumns(rule, rows.float64(block), values.subarray(0, block.length)),
  };
}

function ofColumns(rule: ColumnRule, rows: Float64Array, out: Float64Array): Float64Array {
  const { length } = out;
  const column = new Float64Array(rows.length / length);
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < column.length; k++) column[k] = rows[k * length + i]!;
    sortAscending(column);
    out[i] = rule.float64(column);
  }
  return out;
}

function ofInt64Columns(rule: ColumnRule, rows: BigInt64Array, out: BigInt64Array): BigInt64Array {
  const { length } = out;
  const column = new BigInt64Array(rows.length / length);
  // Copied as 32-bit words: as bigints they would be made one by one.
  const words = new Uint32Array(rows.buffer, rows.byteOffset, 2 * rows.length);
  const columnWords = new Uint32Array(column.buffer);
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < column.length; k++) {
      columnWords[2 * k] = words[2 * (k * length + i)]!;
      columnWords[2 * k + 1] = words[2 * (k * length + i) + 1]!;
    }
    column.sort();
    out[i] = rule.int64(column);
  }
  return out;
}
