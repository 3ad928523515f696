import {
  byteWidth,
  createJsonModelReader,
  decode,
  elementCount,
  InvalidModel,
  parseSafetensorsHeader,
  type DType,
  type ModelFormat,
  type ModelLayout,
} from '@vergeai/domain';
import { arrayOf, BLOCK, bytesOf } from './arrays.js';
import type { Model, TensorData } from './model.js';

export interface DecodedModel {
  readonly layout: ModelLayout;
  /** A copy of the numbers, to be changed at will. */
  readonly model: Model;
}

/**
 * The tensors of a model file. Without `format` its first byte tells: JSON starts with a brace or white space.
 * @throws InvalidModel when it is not a model.
 */
export const decodeModel = (bytes: Uint8Array, format: ModelFormat = formatOf(bytes)): Model => decodeWithLayout(bytes, format).model;

export const decodeWithLayout = (bytes: Uint8Array, format: ModelFormat): DecodedModel => (format === 'json' ? decodeJson(bytes) : decodeSafetensors(bytes));

// safetensors starts with the length of its header, the brace being the ninth byte.
const formatOf = (bytes: Uint8Array): ModelFormat => (bytes[8] === 0x7b && bytes[7] === 0 ? 'safetensors' : 'json');

function decodeSafetensors(bytes: Uint8Array): DecodedModel {
  const { layout, tensors, dataOffset, fileLength } = parseSafetensorsHeader(bytes);
  if (bytes.length !== fileLength) throw new InvalidModel('', `The safetensors file has ${bytes.length} bytes where its header announces ${fileLength}.`);
  const model: Model = new Map();
  for (const { name, dtype, shape, begin, end } of tensors) {
    const data = decodeTensor(dtype, bytes.subarray(dataOffset + begin, dataOffset + end), elementCount(shape));
    model.set(name, { dtype, shape, data });
  }
  return { layout, model };
}

function decodeTensor(dtype: DType, bytes: Uint8Array, length: number): TensorData {
  const data = new arrayOf[dtype](length);
  const width = byteWidth(dtype);
  if (data.BYTES_PER_ELEMENT === width) {
    bytesOf(data).set(bytes);
    return data;
  }
  // Only the 16-bit floats come here; Float32Array holds them exactly.
  const block = new Float64Array(Math.min(BLOCK, length));
  for (let at = 0; at < length; at += block.length) {
    const values = block.subarray(0, Math.min(block.length, length - at));
    decode(dtype, bytes.subarray(at * width, (at + values.length) * width), values);
    (data as Float32Array).set(values, at);
  }
  return data;
}

function decodeJson(bytes: Uint8Array): DecodedModel {
  const model: Model = new Map();
  let blocks: Float64Array[] = [];
  const reader = createJsonModelReader({
    onTensorStart: () => void (blocks = []),
    onValues: (values) => void blocks.push(values.slice()),
    onTensorEnd: ({ name, dtype, shape }) => void model.set(name, { dtype, shape, data: joined(blocks, elementCount(shape)) }),
  });
  reader.write(bytes);
  return { layout: reader.end(), model };
}

function joined(blocks: readonly Float64Array[], length: number): Float64Array {
  const data = new Float64Array(length);
  let at = 0;
  for (const block of blocks) {
    data.set(block, at);
    at += block.length;
  }
  return data;
}
