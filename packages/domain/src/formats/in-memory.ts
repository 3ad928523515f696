import type { ByteSource, ByteStore } from './model-format.js';

/** A file whose bytes are all in memory. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(into, position) {
      if (position + into.length > bytes.length) throw new RangeError('The file ends before.');
      into.set(bytes.subarray(position, position + into.length));
    },
  };
}

/** Room in memory, which grows with what is in it. */
export function roomInMemory(): ByteStore {
  let bytes = new Uint8Array(65536);
  let length = 0;
  return {
    append(part) {
      if (length + part.length > bytes.length) {
        const grown = new Uint8Array(Math.max(length + part.length, 2 * bytes.length));
        grown.set(bytes.subarray(0, length));
        bytes = grown;
      }
      bytes.set(part, length);
      length += part.length;
    },
    read: (into, position) => into.set(bytes.subarray(position, position + into.length)),
  };
}
