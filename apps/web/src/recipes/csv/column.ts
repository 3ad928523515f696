/** So many different texts of a column are remembered: more can be no classes. */
const MOST_TEXTS = 100;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const MISSING = /^(|na|n\/a|nan|null|none)$/i;

/** Where something stands in the file. */
export interface Cell {
  /** As a spreadsheet counts: the header is row 1. */
  readonly row: number;
  readonly text: string;
}

/** A column of a table, read cell by cell. */
export class Column {
  readonly name: string;
  /** How many cells are numbers, and how many are empty or say that nothing is known. */
  numbers = 0;
  missing = 0;
  /** The first cell that is neither. */
  firstText: Cell | undefined;
  /** The different texts, as far as they may be classes; undefined once there are too many. */
  texts: string[] | undefined = [];

  readonly #codes = new Map<string, number>();
  #values = new Float64Array(1024);
  #labels = new Int32Array(1024);
  #length = 0;

  constructor(name: string) {
    this.name = name;
  }

  add(cell: string, row: number): void {
    const text = cell.trim();
    const at = this.#length++;
    if (at === this.#values.length) this.#grow();
    this.#values[at] = NaN;
    this.#labels[at] = -1;
    if (MISSING.test(text)) {
      this.missing++;
      return;
    }
    this.#labels[at] = this.#labelOf(text);
    const value = NUMBER.test(text) ? Number(text) : NaN;
    if (Number.isFinite(value)) {
      this.numbers++;
      this.#values[at] = value;
    } else {
      this.firstText ??= { row, text };
    }
  }

  /** NaN where there is none. */
  value(index: number): number {
    return this.#values[index]!;
  }

  /** Which of `texts` it is; undefined where the cell is empty. */
  text(index: number): string | undefined {
    return this.texts?.[this.#labels[index]!];
  }

  isMissing(index: number): boolean {
    return this.#labels[index] === -1;
  }

  get isNumeric(): boolean {
    return this.numbers > 0 && this.firstText === undefined;
  }

  /** Of all its numbers one is like the other. */
  get isConstant(): boolean {
    return this.texts?.length === 1;
  }

  #labelOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const label = this.#codes.size;
    if (label < MOST_TEXTS) {
      this.#codes.set(text, label);
      this.texts?.push(text);
    } else {
      this.texts = undefined;
    }
    return label;
  }

  #grow(): void {
    const [values, labels] = [new Float64Array(this.#length * 2), new Int32Array(this.#length * 2)];
    values.set(this.#values);
    labels.set(this.#labels);
    [this.#values, this.#labels] = [values, labels];
  }
}
