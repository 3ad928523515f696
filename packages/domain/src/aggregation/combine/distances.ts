import { blocksOf } from '../../layout/blocks.js';
import { elementCount, type TensorSpec } from '../../layout/model-layout.js';
import { measuredTensors, type Contribution, type ContributionReader } from '../contribution.js';
import { Rows } from './rows.js';

/**
 * The squared distance of every two updates, as a symmetric matrix, row by row: Σ (x − y)² in one running sum a pair, as
 * ‖x‖² + ‖y‖² − 2x·y would lose what they differ by.
 */
export function squaredDistances(tensors: readonly TensorSpec[], contributions: readonly Contribution[], reader: ContributionReader): Float64Array {
  const count = contributions.length;
  const measured = measuredTensors(tensors);
  const rows = new Rows(contributions, reader, measured.reduce((longest, { shape }) => Math.max(longest, elementCount(shape)), 1));
  const distances = new Float64Array(count * count);
  for (const block of blocksOf(measured, rows.blockLength)) {
    const values = rows.apart(block);
    for (let i = 0; i < count; i++) {
      const one = values.subarray(i * block.length, (i + 1) * block.length);
      for (let j = i + 1; j < count; j++) {
        const other = values.subarray(j * block.length, (j + 1) * block.length);
        distances[i * count + j] = goOn(distances[i * count + j]!, one, other);
      }
    }
  }
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) distances[i * count + j] = distances[j * count + i]!;
  return distances;
}

function goOn(sum: number, one: Float64Array, other: Float64Array): number {
  for (let i = 0; i < one.length; i++) {
    const difference = one[i]! - other[i]!;
    sum += difference * difference;
  }
  return sum;
}
