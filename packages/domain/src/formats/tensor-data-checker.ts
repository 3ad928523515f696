import { decode } from '../numbers/codec.js';
import { byteWidth } from '../numbers/dtype.js';
import { offenderFinders } from '../numbers/find-offender.js';
import { indicesOf, InvalidModel, pointerTo, quoted } from '../layout/invalid-model.js';
import type { TensorSpec } from '../layout/model-layout.js';

// Large enough to make the call free, small enough to stay in the cache when it has to be copied.
const PIECE_BYTES = 65536;

// Most files have their numbers at places that no typed array may begin at. Copies of their own would wait to be collected by
// the hundred, as the engine does not see how large they are.
const aligned = new Uint8Array(PIECE_BYTES);

/** Checks the numbers of one tensor, whose bytes come in chunks cut anywhere. */
export class TensorDataChecker {
  readonly #tensor: TensorSpec;
  readonly #width: number;
  readonly #find;
  /** The first bytes of an element whose last bytes are in the next chunk. */
  readonly #split: Uint8Array;
  #splitLength = 0;
  #checked = 0;

  constructor(tensor: TensorSpec) {
    this.#tensor = tensor;
    this.#width = byteWidth(tensor.dtype);
    this.#find = offenderFinders.get(tensor.dtype);
    this.#split = new Uint8Array(this.#width);
  }

  /** @throws InvalidModel at the first offending element. */
  write(bytes: Uint8Array): void {
    if (!this.#find) return;
    let at = this.#completeSplit(bytes);
    const wholeEnd = bytes.length - ((bytes.length - at) % this.#width);
    while (at < wholeEnd) {
      const pieceEnd = Math.min(at + PIECE_BYTES, wholeEnd);
      this.#check(this.#align(bytes.subarray(at, pieceEnd)));
      at = pieceEnd;
    }
    for (; at < bytes.length; at++) this.#split[this.#splitLength++] = bytes[at]!;
  }

  #completeSplit(bytes: Uint8Array): number {
    let at = 0;
    while (this.#splitLength > 0 && at < bytes.length) {
      this.#split[this.#splitLength++] = bytes[at++]!;
      if (this.#splitLength < this.#width) continue;
      this.#splitLength = 0;
      this.#check(this.#split);
    }
    return at;
  }

  /** The piece itself, or a copy that is good until the next one. */
  #align(piece: Uint8Array): Uint8Array {
    if (piece.byteOffset % this.#width === 0) return piece;
    aligned.set(piece);
    return aligned.subarray(0, piece.length);
  }

  #check(elements: Uint8Array): void {
    const found = this.#find!(elements);
    if (found >= 0) this.#refuse(this.#checked + found, elements.subarray(found * this.#width).subarray(0, this.#width));
    this.#checked += elements.length / this.#width;
  }

  #refuse(flat: number, element: Uint8Array): never {
    const { name, dtype, shape } = this.#tensor;
    const value = new Float64Array(1);
    decode(dtype, element, value);
    const rule = dtype === 'BOOL' ? 'a BOOL must be 0 or 1' : 'every number must be finite';
    const indices = indicesOf(flat, shape);
    throw new InvalidModel(
      pointerTo(name, indices),
      `Tensor ${quoted(name)} holds ${value[0]} at [${indices.join(', ')}]; ${rule}.`,
    );
  }
}
