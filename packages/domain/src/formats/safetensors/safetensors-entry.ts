import { byteWidth, isDType } from '../../numbers/dtype.js';
import type { HeaderText } from './header-text.js';
import { InvalidModel, pointerTo, quoted } from '../../layout/invalid-model.js';
import { MAX_RANK, type TensorSpec } from '../../layout/model-layout.js';

/** A tensor and the place of its bytes, counted from the first byte after the header. */
export interface SafetensorsEntry extends TensorSpec {
  begin: number;
  end: number;
}

/**
 * Reads one `{"dtype": …, "shape": […], "data_offsets": [begin, end]}`.
 * @throws InvalidModel unless it is exactly that and the bytes are as many as the shape needs.
 */
export function readEntry(text: HeaderText, name: string): SafetensorsEntry {
  const pointer = pointerTo(name);
  const tensor = `Tensor ${quoted(name)}`;
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;

  text.object((key) => {
    if (key === 'dtype' && dtype === undefined) dtype = text.string();
    else if (key === 'shape' && shape === undefined) shape = text.counts(pointer);
    else if (key === 'data_offsets' && offsets === undefined) offsets = text.counts(pointer);
    else throw new InvalidModel(pointer, `${tensor} has the key ${quoted(key)} twice or should not have it.`);
  });

  if (dtype === undefined || shape === undefined || offsets === undefined) {
    throw new InvalidModel(pointer, `${tensor} must have a dtype, a shape and data_offsets.`);
  }
  if (!isDType(dtype)) throw new InvalidModel(pointer, `${tensor} has the unknown dtype ${quoted(dtype)}.`);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2 || begin > end) {
    throw new InvalidModel(pointer, `${tensor} must have two data_offsets, the first not above the second.`);
  }
  const needed = byteLength(shape, byteWidth(dtype));
  if (needed === undefined) {
    throw new InvalidModel(pointer, `${tensor} has a shape of too many dimensions or elements.`);
  }
  if (end - begin !== needed) {
    throw new InvalidModel(pointer, `${tensor} needs ${needed} bytes for its shape but has ${end - begin}.`);
  }
  return { name, dtype, shape, begin, end };
}

/** Bytes of a tensor, or undefined when they cannot be counted. */
function byteLength(shape: readonly number[], width: number): number | undefined {
  if (shape.length > MAX_RANK) return undefined;
  let bytes = width;
  for (const dimension of shape) {
    bytes *= dimension;
    if (!Number.isSafeInteger(bytes)) return undefined;
  }
  return bytes;
}
