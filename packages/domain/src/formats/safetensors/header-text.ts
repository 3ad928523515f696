import { InvalidModel } from '../../layout/invalid-model.js';

const count = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;
const whitespace = /[ \t\n\r]*/y;

/**
 * Reads the JSON of a safetensors header token by token. JSON.parse would silently keep the last
 * of two members with the same name, and accept any nesting before it could be refused.
 */
export class HeaderText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Consumes `mark` if it comes next. */
  take(mark: string): boolean {
    this.#match(whitespace);
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  need(mark: string): void {
    if (!this.take(mark)) this.fail(`"${mark}"`);
  }

  string(): string {
    this.#match(whitespace);
    const start = this.#at;
    let end = this.#text[start] === '"' ? start + 1 : Infinity;
    // Not a regular expression: on a string of megabytes it would run out of stack.
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) this.fail('a string');
    try {
      const value = JSON.parse(this.#text.slice(start, end + 1)) as string;
      this.#at = end + 1;
      return value;
    } catch {
      return this.fail('a string without control characters and with correct escapes');
    }
  }

  /** An integer from 0 to 2^53 − 1. */
  count(pointer: string): number {
    this.#match(whitespace);
    const value = Number(this.#match(count) ?? this.fail('an integer of 0 to 2^53 − 1', pointer));
    if (!Number.isSafeInteger(value)) this.fail('an integer of 0 to 2^53 − 1', pointer);
    return value;
  }

  /** Calls `member` at each value of an object, with its name. */
  object(member: (name: string) => void): void {
    this.need('{');
    if (this.take('}')) return;
    do {
      const name = this.string();
      this.need(':');
      member(name);
    } while (this.take(','));
    this.need('}');
  }

  /** An array of integers from 0 to 2^53 − 1. */
  counts(pointer: string): number[] {
    if (!this.take('[')) this.fail('a list of integers', pointer);
    const values: number[] = [];
    if (this.take(']')) return values;
    do values.push(this.count(pointer));
    while (this.take(','));
    this.need(']');
    return values;
  }

  end(): void {
    this.#match(whitespace);
    if (this.#at < this.#text.length) this.fail('its end');
  }

  fail(expected: string, pointer = ''): never {
    const where = this.#at < this.#text.length ? `at character ${this.#at}` : 'where it ends';
    throw new InvalidModel(pointer, `The safetensors header is not as it must be: ${expected} was expected ${where}.`);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
