import type { DType } from '../numbers/dtype.js';

/**
 * A way to make one model of the updates of many devices.
 *
 * The caller walks through each tensor in blocks. For every block it reads the same elements of
 * every update, in device-id order, and never holds more than one block of one update:
 *
 *     const coefficients = strategy.coefficients(numExamples);
 *     const reducer = strategy.reducer(tensor.dtype, blockLength);
 *     for each block {
 *       reducer.begin(elements);
 *       for each update i: reducer.add(bytes of the block, coefficients[i]);
 *       write(reducer.finish());
 *     }
 *
 * Running means keep an accumulator between add and finish; medians keep the blocks themselves.
 */
export interface Strategy {
  readonly name: string;
  /**
   * The coefficient of each update, from the number of examples it was trained on.
   * @throws RangeError when these numbers make no sense together.
   */
  coefficients(numExamples: readonly (number | null)[]): Float64Array;
  /** A reducer for blocks of up to `blockLength` elements, to be used for block after block. */
  reducer(dtype: DType, blockLength: number): BlockReducer;
}

/** Reduces the same block of every update to one. All bytes are little-endian elements. */
export interface BlockReducer {
  /** Starts a block of `length` elements. @throws RangeError when it is longer than agreed. */
  begin(length: number): void;
  /** The block of one update. @throws RangeError when its bytes are not `length` elements. */
  add(bytes: Uint8Array, coefficient: number): void;
  /** The reduced block, valid until the next `begin`. @throws RangeError when nothing was added. */
  finish(): Uint8Array;
}
