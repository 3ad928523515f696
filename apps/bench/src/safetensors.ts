const HEAD_MULTIPLE = 128;
const BLOCK_NUMBERS = 256 * 1024;

/** A valid safetensors file, in the two parts that a load generator makes a request body of. */
export interface ModelBytes {
  readonly head: Uint8Array;
  /** Finite F32 numbers, to be repeated until there are `size` bytes. */
  readonly block: Uint8Array;
  readonly size: number;
}

/** A model of one F32 tensor for each of `lengths`, which are counted in numbers; another seed makes other numbers. */
export function safetensors(lengths: readonly number[], seed = 0): ModelBytes {
  let end = 0;
  const tensors = lengths.map((length, index) => [`tensor_${index}`, { dtype: 'F32', shape: [length], data_offsets: [end, (end += length * 4)] }] as const);
  const json = Buffer.from(JSON.stringify(Object.fromEntries(tensors)));
  const head = new Uint8Array(Math.ceil((8 + json.length) / HEAD_MULTIPLE) * HEAD_MULTIPLE).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
  head.set(json, 8);
  const numbers = Float32Array.from({ length: BLOCK_NUMBERS }, (_, index) => Math.sin(index + seed));
  return { head, block: new Uint8Array(numbers.buffer), size: head.length + end };
}

/** The bytes of the file, in order. */
export function* bytesOf({ head, block, size }: ModelBytes): Generator<Uint8Array> {
  yield head;
  for (let left = size - head.length; left > 0; left -= block.length) yield block.subarray(0, Math.min(block.length, left));
}
