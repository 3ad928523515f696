import { byteWidth, bytesInMemory, decode, elementCount, modelCodecs, roomInMemory, sniffFormat, type FormatName, type ModelLayout, type ModelReader, type TensorSpec } from '@vergeai/domain';
import { arrayOf, BLOCK, bytesOf } from './arrays.js';
import type { Model, Tensor, TensorData } from './model.js';

export interface DecodedModel {
  readonly layout: ModelLayout;
  /** A copy of the numbers, to be changed at will. */
  readonly model: Model;
}

/**
 * The tensors of a model file. Without `format` its first bytes tell.
 * @throws InvalidModel when it is not a model.
 */
export const decodeModel = (bytes: Uint8Array, format: FormatName = sniffFormat(bytes)): Model => decodeWithLayout(bytes, format).model;

export function decodeWithLayout(bytes: Uint8Array, format: FormatName): DecodedModel {
  const reader = modelCodecs[format].read(bytesInMemory(bytes), roomInMemory);
  const { layout } = reader;
  const model = new Map(layout.tensors.map((spec): [string, Tensor] => [spec.name, { dtype: spec.dtype, shape: spec.shape, data: readTensor(reader, spec) }]));
  return { layout, model };
}

function readTensor(reader: ModelReader, tensor: TensorSpec): TensorData {
  const length = elementCount(tensor.shape);
  const data = new arrayOf[tensor.dtype](length);
  const width = byteWidth(tensor.dtype);
  if (data.BYTES_PER_ELEMENT === width) {
    reader.read({ tensor, at: 0, length }, bytesOf(data));
    return data;
  }
  // Only the 16-bit floats come here; Float32Array holds them exactly.
  const elements = new Uint8Array(Math.min(BLOCK, length) * width);
  const block = new Float64Array(Math.min(BLOCK, length));
  for (let at = 0; at < length; at += BLOCK) {
    const values = block.subarray(0, length - at);
    const read = elements.subarray(0, values.length * width);
    reader.read({ tensor, at, length: values.length }, read);
    decode(tensor.dtype, read, values);
    (data as Float32Array).set(values, at);
  }
  return data;
}
