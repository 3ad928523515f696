// The two formats a model may have.

/** @typedef {{ name: string, shape: number[], values: Float32Array }} Tensor */

/**
 * A state dict: `{tensor name: nested lists of numbers}`.
 * @param {Tensor[]} tensors
 */
export function toJson(tensors) {
  const rows = (/** @type {Float32Array} */ values, /** @type {number} */ length) =>
    Array.from({ length: values.length / length }, (_, row) => toNumbers(values.subarray(row * length, (row + 1) * length)));
  return JSON.stringify(
    Object.fromEntries(tensors.map(({ name, shape, values }) => [name, shape.length === 1 ? toNumbers(values) : rows(values, shape[1])])),
  );
}

// A 32-bit float printed as it is has digits that mean nothing: 0.1 would be 0.10000000149011612.
const toNumbers = (/** @type {Float32Array} */ values) => Array.from(values, (value) => Number(value.toFixed(4)));

/**
 * A safetensors file: the length of the header as 8 bytes, the header as JSON, then the numbers as they lie in memory
 * (https://github.com/huggingface/safetensors#format).
 * @param {Tensor[]} tensors
 */
export function toSafetensors(tensors) {
  let end = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const begin = end;
    end += values.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }];
  });
  const text = JSON.stringify(Object.fromEntries(entries));
  // Spaces at the end of the header let the numbers start at a multiple of eight.
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...tensors.map(({ values }) => littleEndian(values))]);
}

function littleEndian(/** @type {Float32Array} */ values) {
  const bytes = Buffer.alloc(values.byteLength);
  values.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes;
}
