import type { Numbers } from '../round.js';

/** Adds up the same block of one update after the other; can be used for block after block. */
export interface BlockReducer {
  /** Starts a block of `length` elements. @throws RangeError when it is longer than agreed. */
  begin(length: number): void;
  /** The little-endian elements of one update. @throws RangeError unless they are `length`. */
  add(elements: Uint8Array, coefficient: number): void;
  /** What they come to, good until the next `begin`. @throws RangeError when nothing was added. */
  finish(): Numbers;
}
