import type { FormatName } from '../formats/media-types.js';
import type { DType } from '../numbers/dtype.js';

/** One tensor: `shape` lists its dimensions, outermost first; `[]` is a single number. */
export interface TensorSpec {
  name: string;
  dtype: DType;
  shape: number[];
}

/** What a model is made of, without its numbers. Plain data: `JSON.stringify` it to keep it. */
export interface ModelLayout {
  format: FormatName;
  /** In file order. */
  tensors: TensorSpec[];
}

/** No tensor may have more dimensions than this. */
export const MAX_RANK = 64;

/** Number of elements of a tensor of this shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
