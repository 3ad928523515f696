/** A typed-array class such as Float32Array. */
export interface NumericArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

// Typed arrays have the byte order of the machine, model files are little-endian.
// Every platform we run on agrees; one that does not must fail loudly, not train on noise.
if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) {
  throw new Error('@vergeai/domain needs a little-endian machine.');
}

/**
 * The little-endian elements in `bytes`, to be read: a view when the bytes are aligned, else a copy.
 * @throws RangeError when the byte length is no multiple of the element width.
 */
export function viewAs<T>(type: NumericArrayType<T>, bytes: Uint8Array): T {
  const width = type.BYTES_PER_ELEMENT;
  if (bytes.byteLength % width !== 0) {
    throw new RangeError(`${bytes.byteLength} bytes are no whole number of ${width}-byte elements.`);
  }
  // Not bytes.slice(): on a Node Buffer that is a view and stays misaligned.
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  return new type(aligned.buffer, aligned.byteOffset, aligned.byteLength / width);
}

/** Lets `fill` write little-endian elements into `bytes`, by way of a copy when they are not aligned. */
export function writeAs<T>(type: NumericArrayType<T>, bytes: Uint8Array, fill: (target: T) => void): void {
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes.byteLength);
  fill(viewAs(type, aligned));
  if (aligned !== bytes) bytes.set(aligned);
}
