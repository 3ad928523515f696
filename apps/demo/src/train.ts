import { setImmediate as breathe } from 'node:timers/promises';
import type { Model } from '@vergeai/worker';
import { picture, type Digits } from './digits/digits.js';
import { Network } from './network.js';
import { seededRandom, seedOf, shuffle } from './random.js';

/** The experiment's, and so the same on every device. */
export interface Hyperparameters {
  readonly learning_rate: number;
  /** What the learning rate is multiplied with from job to job. */
  readonly decay: number;
  readonly epochs: number;
  readonly seed: number;
}

export const hyperparameters = (seed: number): Hyperparameters => ({ learning_rate: 0.035, decay: 0.85, epochs: 1, seed });

export interface Place {
  /** From 0. The order of the digits depends on it, and on nothing that differs between two runs. */
  readonly shard: number;
  /** The job's number, from 1. */
  readonly sequence: number;
}

export interface Progress {
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  onProgress(done: number): void;
}

const DIGITS_PER_BREATH = 64;

/** Trains the model in place on all digits of a shard. Resolves with the mean loss; rejects when the signal aborts. */
export async function trainOn(model: Model, digits: Digits, { learning_rate, decay, epochs, seed }: Hyperparameters, { shard, sequence }: Place, { signal, onProgress }: Progress): Promise<number> {
  const network = new Network(model);
  const random = seededRandom(seedOf(seed, 2, shard, sequence));
  const rate = learning_rate * decay ** (sequence - 1);
  const order = Uint32Array.from(digits.labels.keys());
  const total = order.length * epochs;
  let [done, loss] = [0, 0];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const index of shuffle(order, random)) {
      loss += network.learn(picture(digits, index), digits.labels[index]!, rate);
      if (++done % DIGITS_PER_BREATH > 0) continue;
      onProgress(done / total);
      // Lets heartbeats out and news of a cancelled job in.
      await breathe();
      signal.throwIfAborted();
    }
  }
  onProgress(1);
  return loss / total;
}
