import type { ModelNumbers } from '../formats/model-format.js';
import type { Block } from '../layout/blocks.js';
import type { TensorSpec } from '../layout/model-layout.js';
import { decode } from '../numbers/codec.js';
import { byteWidth, type DType } from '../numbers/dtype.js';

const FLOATING: ReadonlySet<DType> = new Set<DType>(['F64', 'F32', 'F16', 'BF16']);

/** Whether a tensor's numbers can be moved by any amount; integers are combined, and otherwise left alone. */
export const isFloating = ({ dtype }: TensorSpec): boolean => FLOATING.has(dtype);

/** The tensors over which lengths and distances are taken: the floating ones, or all where there are none. */
export function measuredTensors(tensors: readonly TensorSpec[]): readonly TensorSpec[] {
  const floating = tensors.filter(isFloating);
  return floating.length > 0 ? floating : tensors;
}

/** An update as the stages after clipping see it. */
export interface Contribution extends ModelNumbers {
  /**
   * How much of the way from the start model is left of it. With 1 every number is as it was sent, bit for bit; with
   * less, floating tensors have other numbers than `read` gives, in float64.
   */
  readonly scale: number;
}

/** Reads the numbers of contributions as float64; of I64 only those within ±2^53. */
export class ContributionReader {
  readonly #start: ModelNumbers | undefined;
  #elements = new Uint8Array(0);
  #origin = new Float64Array(0);

  constructor(start: ModelNumbers | undefined) {
    this.#start = start;
  }

  /** Fills `out`, which is as long as the block. */
  read(contribution: Contribution, block: Block, out: Float64Array): void {
    this.#decode(contribution, block, out);
    const { scale } = contribution;
    if (scale === 1 || !isFloating(block.tensor)) return;
    if (this.#origin.length < block.length) this.#origin = new Float64Array(block.length);
    const origin = this.#origin.subarray(0, block.length);
    this.#decode(this.#start!, block, origin);
    for (let i = 0; i < out.length; i++) out[i] = origin[i]! + scale * (out[i]! - origin[i]!);
  }

  #decode(model: ModelNumbers, block: Block, out: Float64Array): void {
    const { dtype } = block.tensor;
    const bytes = block.length * byteWidth(dtype);
    if (this.#elements.length < bytes) this.#elements = new Uint8Array(bytes);
    const elements = this.#elements.subarray(0, bytes);
    model.read(block, elements);
    decode(dtype, elements, out);
  }
}
