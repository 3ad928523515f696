import type { Block } from '../../layout/blocks.js';
import { byteWidth } from '../../numbers/dtype.js';
import type { Contribution, ContributionReader } from '../contribution.js';

const WIDEST = byteWidth('F64');
const ROWS_BYTES = 64 * 1024 * 1024;
const LONGEST_BLOCK = 32 * 1024;
const SHORTEST_BLOCK = 1024;

/** The same block of every update, side by side: 64 MiB at most, up to 8,192 updates. */
export class Rows {
  /** As many elements as a block may have. */
  readonly blockLength: number;
  readonly #contributions: readonly Contribution[];
  readonly #reader: ContributionReader;
  readonly #buffer: ArrayBuffer;

  /** `longest` is the number of elements of the largest tensor. */
  constructor(contributions: readonly Contribution[], reader: ContributionReader, longest: number) {
    const roomy = Math.floor(ROWS_BYTES / WIDEST / Math.max(1, contributions.length));
    this.blockLength = Math.max(1, Math.min(longest, Math.max(SHORTEST_BLOCK, Math.min(LONGEST_BLOCK, roomy))));
    this.#contributions = contributions;
    this.#reader = reader;
    this.#buffer = new ArrayBuffer(contributions.length * this.blockLength * WIDEST);
  }

  /** As float64, one row after the other, each as long as the block. */
  float64(block: Block): Float64Array {
    const { length } = block;
    this.#contributions.forEach((contribution, i) => this.#reader.read(contribution, block, new Float64Array(this.#buffer, i * length * WIDEST, length)));
    return new Float64Array(this.#buffer, 0, this.#contributions.length * length);
  }

  /** A block of I64, exactly. */
  int64(block: Block): BigInt64Array {
    const { length } = block;
    this.#contributions.forEach((contribution, i) => contribution.read(block, new Uint8Array(this.#buffer, i * length * WIDEST, length * WIDEST)));
    return new BigInt64Array(this.#buffer, 0, this.#contributions.length * length);
  }

  /**
   * As float64, for distances between the rows: a block of I64 less what the first row has, so that what is far from 0
   * but near each other does not look the same.
   */
  apart(block: Block): Float64Array {
    if (block.tensor.dtype !== 'I64') return this.float64(block);
    const exact = this.int64(block);
    const values = new Float64Array(exact.length);
    for (let i = 0; i < exact.length; i++) values[i] = Number(exact[i]! - exact[i % block.length]!);
    return values;
  }
}
