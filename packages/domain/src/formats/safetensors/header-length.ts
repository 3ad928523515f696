import { InvalidModel } from '../../layout/invalid-model.js';

/** Bytes before the header of a safetensors file: its length as a little-endian 64-bit integer. */
export const LENGTH_BYTES = 8;

/** Longest header accepted, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024 * 1024;

/**
 * Length of the header, from the first eight bytes of a file.
 * @throws InvalidModel below 2, which no object fits in, and above MAX_HEADER_BYTES.
 */
export function readHeaderLength(bytes: Uint8Array): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length < 2n || length > BigInt(MAX_HEADER_BYTES)) {
    throw new InvalidModel('', `The safetensors header claims ${length} bytes; 2 to ${MAX_HEADER_BYTES} are allowed.`);
  }
  return Number(length);
}
