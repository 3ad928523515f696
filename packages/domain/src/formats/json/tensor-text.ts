import { elementCount } from '../../layout/model-layout.js';

/** Writes one tensor of a JSON model: its numbers with the brackets its shape puts between them. */
export class TensorText {
  /** Number of elements. */
  readonly length: number;
  readonly #prefix: string;
  readonly #shape: readonly number[];
  /** Elements in one list at each depth, outermost first. */
  readonly #strides: number[];
  #written = 0;

  constructor(prefix: string, shape: readonly number[]) {
    if (shape.slice(0, -1).includes(0)) {
      throw new RangeError(`Nested lists cannot have the shape [${shape.join(', ')}].`);
    }
    this.#prefix = prefix;
    this.#shape = shape;
    this.#strides = shape.map((_, depth) => elementCount(shape.slice(depth)));
    this.length = elementCount(shape);
  }

  write(values: Float64Array): string {
    const rank = this.#shape.length;
    const row = this.#shape.at(-1) ?? 1;
    let column = this.#written % row;
    let text = '';
    for (const value of values) {
      if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written in JSON.`);
      if (column === 0) text += this.#rowStart(rank);
      else text += ',';
      text += Object.is(value, -0) ? '-0' : value;
      this.#written++;
      if (++column < row) continue;
      column = 0;
      text += ']'.repeat(this.#boundaries());
    }
    return text;
  }

  /** What has to follow the last number; everything, for a tensor without numbers. */
  ending(): string {
    if (this.length > 0) return '';
    return this.#prefix + emptyLists(this.#shape);
  }

  #rowStart(rank: number): string {
    if (this.#written === 0) return this.#prefix + '['.repeat(rank);
    return `,${'['.repeat(this.#boundaries())}`;
  }

  /** Number of lists that start or end at the present element. */
  #boundaries(): number {
    return this.#strides.filter((stride) => this.#written % stride === 0).length;
  }
}

function emptyLists(shape: readonly number[]): string {
  const [length, ...rest] = shape;
  return length === undefined ? '' : `[${Array.from({ length }, () => emptyLists(rest)).join(',')}]`;
}
