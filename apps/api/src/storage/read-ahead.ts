/** What all that is being read may hold together, roughly: with very many at once it grows by the least of each. */
const TOGETHER_BYTES = 16 * 1024 * 1024;
const MOST_BYTES = 256 * 1024;
const LEAST_BYTES = 16 * 1024;

/**
 * How much of a file is read at once. Few readers get large blocks, which are quicker; of thousands that take their bytes
 * slowly each holds a small one.
 */
export class ReadAhead {
  #reading = 0;

  /** Begins a reading. Gives the size of its blocks, in bytes, and how to say that it is over. */
  begin(): { readonly blockBytes: number; readonly over: () => void } {
    this.#reading++;
    const blockBytes = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, Math.floor(TOGETHER_BYTES / this.#reading)));
    return { blockBytes, over: () => this.#reading-- };
  }
}
