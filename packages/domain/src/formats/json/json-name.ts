import { InvalidModel } from '../../layout/invalid-model.js';
import { MAX_NAME_LENGTH } from '../../layout/tensor-name.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
// Six bytes is the longest a UTF-16 code unit can be written: \u0041.
const MAX_BYTES = 6 * MAX_NAME_LENGTH;

/** Collects the bytes of a JSON string, from after its opening quote, and decodes them. */
export class JsonName {
  readonly #bytes = new Uint8Array(MAX_BYTES);
  #length = 0;
  #escaped = false;

  /**
   * Takes one byte; returns the string once it was the closing quote.
   * @throws InvalidModel when the string is too long or not valid JSON in valid UTF-8.
   */
  push(byte: number): string | undefined {
    if (byte === QUOTE && !this.#escaped) return this.#decode();
    if (this.#length === MAX_BYTES) {
      throw new InvalidModel('', `A tensor name is longer than ${MAX_NAME_LENGTH} characters.`);
    }
    this.#escaped = byte === BACKSLASH && !this.#escaped;
    this.#bytes[this.#length++] = byte;
    return undefined;
  }

  #decode(): string {
    const raw = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    try {
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
      return JSON.parse(`"${text}"`) as string;
    } catch {
      throw new InvalidModel('', 'A tensor name is not a JSON string in valid UTF-8.');
    }
  }
}
