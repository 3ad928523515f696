import { InvalidModel, pointerTo } from './invalid-model.js';

/** How long the name and shape of a tensor may be on average, in characters. */
const CHARACTERS_EACH = 256;

/**
 * Counts what a model is made of while it is read, and refuses more than there may be: whoever keeps, compares or aggregates
 * models pays for each tensor, however small it is.
 */
export class LayoutLimit {
  readonly #tensors: number;
  readonly #characters: number;
  #count = 0;
  #length = 0;
  #notes = 0;

  constructor(tensors: number) {
    this.#tensors = tensors;
    this.#characters = tensors * CHARACTERS_EACH;
  }

  /** Another tensor begins. @throws InvalidModel at the first one that is too many */
  begin(name: string): void {
    if (++this.#count > this.#tensors) throw new InvalidModel(pointerTo(name), `The model has more than ${this.#tensors} tensors, the most that are taken.`);
    this.#add(name, name.length);
  }

  /** Its shape is known. @throws InvalidModel when names and shapes have become too long */
  shape(name: string, shape: readonly number[]): void {
    this.#add(name, shape.reduce((sum, dimension) => sum + String(dimension).length + 1, 0));
  }

  /** An entry of its metadata. @throws InvalidModel at the first one that is too many */
  note(): void {
    if (++this.#notes > this.#tensors) throw new InvalidModel('/__metadata__', `The metadata has more than ${this.#tensors} entries, the most that are taken.`);
  }

  #add(name: string, characters: number): void {
    this.#length += characters;
    if (this.#length <= this.#characters) return;
    throw new InvalidModel(pointerTo(name), `The names and shapes of the tensors are longer than ${this.#characters} characters together, the most that are taken.`);
  }
}
