import type { ModelNumbers } from '../../formats/model-format.js';
import type { Block } from '../../layout/blocks.js';
import { elementCount, type TensorSpec } from '../../layout/model-layout.js';
import { decode } from '../../numbers/codec.js';
import { byteWidth } from '../../numbers/dtype.js';
import { isFloating } from '../contribution.js';
import type { Gaussian, Numbers, Plan } from '../round.js';

/**
 * The same numbers with normal noise in every floating one; integers stay what they were in the start model, as a mean
 * that is rounded would tell of the updates.
 */
export function addNoise(plan: Plan, tensors: readonly TensorSpec[], start: ModelNumbers, gaussian: Gaussian, deviation: number): Plan {
  const firsts = new Map<TensorSpec, number>();
  // Number 0 belongs to the share of updates that were not clipped.
  let first = 1;
  for (const tensor of tensors) {
    firsts.set(tensor, first);
    first += elementCount(tensor.shape);
  }
  const drawn = new Float64Array(plan.blockLength);
  return {
    blockLength: plan.blockLength,
    numbers(block) {
      if (!isFloating(block.tensor)) return keepFrom(start, block);
      const numbers = plan.numbers(block) as Float64Array;
      const noise = drawn.subarray(0, block.length);
      gaussian(firsts.get(block.tensor)! + block.at, noise);
      for (let i = 0; i < numbers.length; i++) numbers[i]! += deviation * noise[i]!;
      return numbers;
    },
  };
}

function keepFrom(start: ModelNumbers, block: Block): Numbers {
  const { dtype } = block.tensor;
  const elements = new Uint8Array(block.length * byteWidth(dtype));
  start.read(block, elements);
  if (dtype === 'I64') return new BigInt64Array(elements.buffer);
  const values = new Float64Array(block.length);
  decode(dtype, elements, values);
  return values;
}
