import type { Block } from '../layout/blocks.js';
import type { ModelLayout } from '../layout/model-layout.js';
import type { DType } from '../numbers/dtype.js';
import type { MediaType } from './media-type.js';
import type { FormatName } from './media-types.js';
import type { ModelSink } from './model-sink.js';

/** How a format that models can be sent in is read and written. Numbers go in and out as little-endian elements. */
export interface ModelCodec extends MediaType {
  readonly name: FormatName;
  /** What a tensor of this dtype becomes in a file of this format. */
  dtypeOf(dtype: DType): DType;
  /**
   * Opens a file whose numbers were checked before. A format that has no place to seek to asks once for room. Who opens
   * many files of the same tensors gives their numbers by name, so that each is held in eight bytes a tensor.
   * @throws InvalidModel when the file is not of this format.
   */
  read(file: ByteSource, makeRoom: () => ByteStore, numbering?: ReadonlyMap<string, number>): ModelReader;
  /** @throws InvalidModel for a layout that no model may have, RangeError for one that the format can't express. */
  write(layout: ModelLayout): ModelWriter;
}

/** All there is to know of it. */
export interface ModelFormat extends ModelCodec {
  /** Of a file's name, without the dot. */
  readonly extension: string;
  /** Whether its numbers are written out, which takes more bytes and more work for each of them. */
  readonly isText: boolean;
  /** How many of its `size` bytes are text, as far as its first HEAD_BYTES tell. */
  textBytes(head: Uint8Array, size: number): number;
  /**
   * Checks a file as it streams by; with `expected`, also that it fits that layout, as soon as the format tells. One that
   * has more than `maxTensors` tensors is refused, without limit when left out.
   */
  check(expected?: ModelLayout, maxTensors?: number): ModelSink;
}

/** A file that can be read anywhere. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** Fills `into` from byte `position` on. Throws when the file ends before. */
  read(into: Uint8Array, position: number): void;
}

/** Room for bytes: filled from front to back, and then read anywhere. */
export interface ByteStore {
  append(bytes: Uint8Array): void;
  read(into: Uint8Array, position: number): void;
}

/** The numbers of a model, a block at a time, in any order. */
export interface ModelNumbers {
  /** Fills `into`, which has exactly the bytes of the block, with elements in the tensor's dtype. */
  readonly read: (block: Block, into: Uint8Array) => void;
}

export interface ModelReader extends ModelNumbers {
  readonly layout: ModelLayout;
}

/** Makes a file from front to back: `head`, then every element in the order of the layout, then `end()`. */
export interface ModelWriter {
  readonly head: Uint8Array;
  /** Bytes of the whole file, where they do not depend on the numbers; without it, `write` makes new bytes. */
  readonly size: number | undefined;
  /**
   * The part of the file that the next elements make, which all belong to one tensor: those very bytes, or new ones.
   * @throws RangeError for more elements than the layout has, and for numbers that the format can't express.
   */
  write(elements: Uint8Array): Uint8Array;
  /** What the file ends with. @throws RangeError when elements are missing. */
  end(): Uint8Array;
}
