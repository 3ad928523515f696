import { elementCount, type TensorSpec } from './model-layout.js';

/** Some elements of a tensor, row-major: `length` of them, from number `at` on. */
export interface Block {
  readonly tensor: TensorSpec;
  readonly at: number;
  readonly length: number;
}

/** Every element of the tensors, in order, in blocks of up to `blockLength`. A tensor without elements has no block. */
export function* blocksOf(tensors: readonly TensorSpec[], blockLength: number): Generator<Block> {
  for (const tensor of tensors) {
    const count = elementCount(tensor.shape);
    for (let at = 0; at < count; at += blockLength) yield { tensor, at, length: Math.min(blockLength, count - at) };
  }
}
