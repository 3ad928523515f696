import { InvalidModel } from '../../layout/invalid-model.js';

/** Bytes before the header of a safetensors file: its length as a little-endian 64-bit integer. */
export const LENGTH_BYTES = 8;

/**
 * Length of the header, from the first eight bytes of a file.
 * @throws InvalidModel below 2, which no object fits in, and above `maxHeaderBytes`.
 */
export function readHeaderLength(bytes: Uint8Array, maxHeaderBytes: number): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length < 2n || length > BigInt(maxHeaderBytes)) {
    throw new InvalidModel('', `The safetensors header claims ${length} bytes; 2 to ${maxHeaderBytes} are allowed.`);
  }
  return Number(length);
}
