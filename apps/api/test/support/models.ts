import { createHash } from 'node:crypto';

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

export interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A file in the public layout, put together by hand so that no bug of the product is repeated here. */
export function safetensors(tensors: Readonly<Record<string, Tensor>>): Buffer {
  let at = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => [name, { dtype, shape, data_offsets: [at, (at += data.length)] }]);
  return Buffer.concat([safetensorsHead(JSON.stringify(Object.fromEntries(entries))), ...Object.values(tensors).map(({ data }) => data)]);
}

/** The 8 bytes of length and the header; the data comes after. */
export function safetensorsHead(header: string): Buffer {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text]);
}

/** A small safetensors model with several dtypes. */
export const smallSafetensors = (first = 0.5): Buffer =>
  safetensors({
    'layer.weight': { dtype: 'F32', shape: [2, 2], data: new Uint8Array(Float32Array.of(first, -1, 2, 1e-3).buffer) },
    'layer.bias': { dtype: 'F64', shape: [1], data: new Uint8Array(Float64Array.of(-0).buffer) },
    mask: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(0, 1, 1) },
  });

/** A safetensors model of exactly so many zero bytes of data, plus its head. */
export const zeroSafetensors = (dataBytes: number): Buffer =>
  safetensors({ zeros: { dtype: 'U8', shape: [dataBytes], data: new Uint8Array(dataBytes) } });

/** A JSON model of exactly `size` bytes, not written as JSON.stringify would: white space and exponents have to survive. */
export function jsonOfSize(size: number): Buffer {
  const open = '{ "w":\t[';
  const close = '1e-3]\n}';
  const room = size - open.length - close.length;
  return Buffer.from(open + '0.50,'.repeat(Math.floor(room / 5)) + ' '.repeat(room % 5) + close);
}
