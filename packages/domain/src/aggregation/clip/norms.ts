import type { ModelNumbers } from '../../formats/model-format.js';
import { blocksOf } from '../../layout/blocks.js';
import type { TensorSpec } from '../../layout/model-layout.js';
import { isFloating, type ContributionReader } from '../contribution.js';

const BLOCK_LENGTH = 32 * 1024;

/**
 * How far each update lies from the start model: the square root of Σ (u − x)² over all floating numbers, one running sum
 * an update. 0 for a model that has none: there is nothing to clip.
 */
export function norms(tensors: readonly TensorSpec[], updates: readonly ModelNumbers[], start: ModelNumbers, reader: ContributionReader): Float64Array {
  const sums = new Float64Array(updates.length);
  const [origins, numbers] = [new Float64Array(BLOCK_LENGTH), new Float64Array(BLOCK_LENGTH)];
  for (const block of blocksOf(tensors.filter(isFloating), BLOCK_LENGTH)) {
    const [origin, values] = [origins.subarray(0, block.length), numbers.subarray(0, block.length)];
    reader.read({ read: start.read, scale: 1 }, block, origin);
    updates.forEach(({ read }, i) => {
      reader.read({ read, scale: 1 }, block, values);
      let sum = sums[i]!;
      for (let k = 0; k < values.length; k++) {
        const difference = values[k]! - origin[k]!;
        sum += difference * difference;
      }
      sums[i] = sum;
    });
  }
  return sums.map(Math.sqrt);
}
