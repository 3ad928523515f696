import type { DType } from '@vergeai/domain';
import type { TensorData } from './model.js';

interface TensorArray {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): TensorData;
}

/** What holds the numbers of a tensor in memory. */
export const arrayOf: Readonly<Record<DType, TensorArray>> = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Float32Array,
  BF16: Float32Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** Elements that are converted at a time. */
export const BLOCK = 16_384;

export const bytesOf = (data: TensorData): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
