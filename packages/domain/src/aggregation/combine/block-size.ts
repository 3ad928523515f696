/** @throws RangeError unless a block of `length` elements fits a reducer made for `blockLength`. */
export function requireBlockFits(length: number, blockLength: number): void {
  if (!(Number.isInteger(length) && length >= 0 && length <= blockLength)) {
    throw new RangeError(`A block of ${length} elements does not fit a reducer for ${blockLength}.`);
  }
}

/** @throws RangeError unless the bytes are `length` elements of `width` bytes. */
export function requireBlockBytes(bytes: Uint8Array, length: number, width: number): void {
  if (bytes.length !== length * width) {
    throw new RangeError(`A block of ${length} elements takes ${length * width} bytes, not ${bytes.length}.`);
  }
}

/** @throws RangeError unless something was added. */
export function requireUpdates(updates: number): void {
  if (updates === 0) throw new RangeError('No update was added to this block.');
}
