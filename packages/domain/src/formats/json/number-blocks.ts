/** Hands numbers on in blocks of a fixed array that is used again and again. */
export class NumberBlocks {
  readonly #block = new Float64Array(8192);
  readonly #onValues: ((values: Float64Array) => void) | undefined;
  #length = 0;

  constructor(onValues: ((values: Float64Array) => void) | undefined) {
    this.#onValues = onValues;
  }

  push(value: number): void {
    this.#block[this.#length++] = value;
    if (this.#length === this.#block.length) this.flush();
  }

  flush(): void {
    if (this.#length > 0) this.#onValues?.(this.#block.subarray(0, this.#length));
    this.#length = 0;
  }
}
