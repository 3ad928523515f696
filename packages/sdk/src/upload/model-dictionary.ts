/** A typed array of numbers. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

/** Numbers nested as deep as the tensor has dimensions; a row of them may be a typed array. */
export type TensorInput = number | NumberArray | readonly TensorInput[];

/** A model as a dictionary: tensor name to numbers, as an object or a Map. */
export type ModelDictionary = Readonly<Record<string, TensorInput>> | ReadonlyMap<string, TensorInput>;
