import { InvalidModel, pointerTo, quoted } from '../../layout/invalid-model.js';
import { MAX_RANK } from '../../layout/model-layout.js';

const UNKNOWN = -1;

/**
 * Learns the shape of one tensor from the brackets and numbers of its nested lists, and refuses
 * lists that have none: of different lengths, or numbers and lists side by side.
 */
export class ShapeTracker {
  readonly #name: string;
  /** Length of the lists at each depth, UNKNOWN until the first of them has ended. */
  readonly #shape: number[] = [];
  /** Elements so far in the open list at each depth; that of the current element is its index. */
  readonly #counts: number[] = [];
  #depth = 0;
  /** Depth of the numbers, UNKNOWN until the first number or empty list. */
  #rank = UNKNOWN;

  constructor(name: string) {
    this.#name = name;
  }

  get depth(): number {
    return this.#depth;
  }

  get shape(): number[] {
    return [...this.#shape];
  }

  /** Pointer to the current element. */
  get pointer(): string {
    return pointerTo(this.#name, this.#counts.slice(0, this.#depth));
  }

  number(): void {
    if (this.#depth !== this.#rank) {
      if (this.#rank !== UNKNOWN) this.fail('has a number where its other lists have a list');
      this.#rank = this.#depth;
    }
    if (this.#depth === 0) return;
    this.#requireRoom();
    this.#counts[this.#depth - 1]!++;
  }

  open(): void {
    if (this.#rank !== UNKNOWN && this.#depth >= this.#rank) this.fail('has a list where its other lists have a number');
    if (this.#depth > 0) this.#requireRoom();
    if (this.#depth === MAX_RANK) this.fail(`is nested deeper than ${MAX_RANK} lists`);
    if (this.#depth === this.#shape.length) this.#shape.push(UNKNOWN);
    this.#counts[this.#depth++] = 0;
  }

  close(): void {
    const level = --this.#depth;
    const count = this.#counts[level]!;
    if (this.#shape[level] === UNKNOWN) this.#shape[level] = count;
    if (this.#shape[level] !== count) this.#failRagged();
    // A list that closes before any number was seen is empty: numbers would stand in it.
    if (this.#rank === UNKNOWN) this.#rank = level + 1;
    if (level > 0) this.#counts[level - 1]!++;
  }

  fail(what: string): never {
    throw new InvalidModel(this.pointer, `Tensor ${quoted(this.#name)} ${what}.`);
  }

  #requireRoom(): void {
    const level = this.#depth - 1;
    if (this.#counts[level] !== this.#shape[level]) return;
    // The offence is the list, not the element that is one too many.
    this.#depth--;
    this.#failRagged();
  }

  #failRagged(): never {
    this.fail(`is ragged: a list does not have the ${this.#shape[this.#depth]} elements of the first one beside it`);
  }
}
