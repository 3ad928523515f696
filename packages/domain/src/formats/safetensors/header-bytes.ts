import { InvalidModel } from '../../layout/invalid-model.js';
import { LENGTH_BYTES, readHeaderLength } from './header-length.js';

/** Collects the length and header of a safetensors file from chunks cut anywhere. */
export class HeaderBytes {
  /** Grows with what has arrived, not with what a lying length announces. */
  #buffer = new Uint8Array(1024);
  #length = 0;
  #needed = LENGTH_BYTES;

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  get complete(): boolean {
    return this.#length === this.#needed && this.#needed > LENGTH_BYTES;
  }

  /**
   * Takes what belongs to the header and returns how many bytes that was.
   * @throws InvalidModel when the length or the first character is wrong.
   */
  write(chunk: Uint8Array): number {
    let taken = this.#take(chunk);
    if (this.#needed === LENGTH_BYTES && this.#length === LENGTH_BYTES) {
      this.#needed += readHeaderLength(this.#buffer);
      taken += this.#take(chunk.subarray(taken));
    }
    if (this.#length > LENGTH_BYTES && this.#buffer[LENGTH_BYTES] !== 0x7b) {
      throw new InvalidModel('', 'The safetensors header does not start with "{".');
    }
    return taken;
  }

  #take(chunk: Uint8Array): number {
    const part = chunk.subarray(0, this.#needed - this.#length);
    const length = this.#length + part.length;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.min(this.#needed, Math.max(length, 2 * this.#buffer.length)));
      grown.set(this.bytes);
      this.#buffer = grown;
    }
    this.#buffer.set(part, this.#length);
    this.#length = length;
    return part.length;
  }
}
