import type { DType } from '@vergeai/domain';

export type TensorData = Float64Array | Float32Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

/**
 * One tensor, row-major. `data` is Float64Array for F64, Float32Array for F32, F16 and BF16 (which it holds exactly),
 * BigInt64Array for I64, the array of the same width for the other integers, and Uint8Array of 0 and 1 for BOOL.
 * The tensors of a JSON model are F64.
 */
export interface Tensor {
  readonly dtype: DType;
  /** Outermost dimension first; `[]` is a single number. */
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Tensors by name, in the order of the file. Alike for JSON and safetensors. */
export type Model = Map<string, Tensor>;

/** What training may give back for a tensor: numbers of any kind; they are written in the start model's dtype. */
export interface TrainedTensor {
  readonly shape?: readonly number[];
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}

/** Its numbers alone will do: the start model has the shape. */
export type TrainedModel = ReadonlyMap<string, TrainedTensor | TensorData> | Readonly<Record<string, TrainedTensor | TensorData>>;

/**
 * The numbers of a floating-point tensor, to be read and changed in place.
 * @throws RangeError when there is no such tensor, TypeError when it holds integers.
 */
export function floats(model: Model, name: string): Float32Array | Float64Array {
  const tensor = model.get(name);
  if (!tensor) throw new RangeError(`The model has no tensor "${name}"; it has ${[...model.keys()].join(', ')}.`);
  if (tensor.data instanceof Float32Array || tensor.data instanceof Float64Array) return tensor.data;
  throw new TypeError(`Tensor "${name}" holds integers (${tensor.dtype}).`);
}
