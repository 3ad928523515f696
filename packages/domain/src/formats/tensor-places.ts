/** Where the elements of each tensor begin in a file, in bytes. */
export class TensorPlaces {
  readonly #numbering: ReadonlyMap<string, number>;
  readonly #begins: Float64Array;

  /** @param numbering from 0 on, by name; tensors without a number can't be read */
  constructor(begins: ReadonlyMap<string, number>, numbering: ReadonlyMap<string, number> = numbered([...begins.keys()])) {
    this.#numbering = numbering;
    this.#begins = new Float64Array(numbering.size).fill(NaN);
    for (const [name, begin] of begins) {
      const number = numbering.get(name);
      if (number !== undefined) this.#begins[number] = begin;
    }
  }

  /** @throws RangeError when the file has no such tensor */
  of(name: string): number {
    const begin = this.#begins[this.#numbering.get(name) ?? -1];
    if (begin === undefined || Number.isNaN(begin)) throw new RangeError(`The file has no tensor ${JSON.stringify(name)}.`);
    return begin;
  }
}

/** The names with their numbers, in their order. */
export const numbered = (names: readonly string[]): ReadonlyMap<string, number> => new Map(names.map((name, number) => [name, number]));
