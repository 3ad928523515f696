import { createHash } from 'node:crypto';
import { seededRandom } from '@vergeai/testkit';

/** Choices that a seed replays. */
export class Chance {
  readonly #seed: number;
  readonly #random: () => number;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = seededRandom(seed);
  }

  /** The same seed and the same words give the same choices, whatever was chosen before and in whatever order. */
  of(...words: ReadonlyArray<string | number>): Chance {
    return new Chance(createHash('sha256').update([this.#seed, ...words].join(' ')).digest().readUInt32LE());
  }

  /** True in `share` of all cases. */
  happens(share: number): boolean {
    return this.#random() < share;
  }

  between(from: number, to: number): number {
    return from + this.#random() * (to - from);
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** One of the choices, by its weight. */
  weighted<T>(choices: ReadonlyArray<readonly [weight: number, choice: T]>): T {
    let left = this.#random() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) if ((left -= weight) < 0) return choice;
    return choices.at(-1)![1];
  }
}
