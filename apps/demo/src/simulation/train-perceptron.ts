import { setImmediate as breathe } from 'node:timers/promises';
import type { Model } from '@vergeai/worker';
import type { Digits } from '../digits/digits.js';
import { seededRandom, seedOf, shuffle } from '../random.js';
import type { Place } from '../train.js';
import { Perceptron } from './perceptron.js';

/** The experiment's, and so the same on every device. */
export interface Hyperparameters {
  readonly learning_rate: number;
  readonly batch_size: number;
  readonly epochs: number;
  readonly seed: number;
}

export const hyperparameters = (seed: number, epochs: number): Hyperparameters => ({ learning_rate: 0.1, batch_size: 20, epochs, seed });

const BATCHES_PER_BREATH = 8;

/** Trains the model in place on all digits of a shard. Resolves with the mean loss; rejects when the signal aborts. */
export async function trainPerceptron(model: Model, digits: Digits, { learning_rate, batch_size, epochs, seed }: Hyperparameters, { shard, sequence }: Place, proximalMu: number, signal: AbortSignal): Promise<number> {
  const perceptron = new Perceptron(model);
  const pull = pullBack(model, learning_rate * proximalMu);
  const random = seededRandom(seedOf(seed, 12, shard, sequence));
  const order = Uint32Array.from(digits.labels.keys());
  let [batches, loss] = [0, 0];
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (let at = 0; at < order.length; at += batch_size) {
      loss += perceptron.learn(digits, order.subarray(at, at + batch_size), learning_rate);
      pull?.();
      if (++batches % BATCHES_PER_BREATH > 0) continue;
      // Lets heartbeats out and news of a cancelled job in.
      await breathe();
      signal.throwIfAborted();
    }
  }
  return loss / (order.length * epochs);
}

/** What FedProx adds to the slope, μ(w − w₀), as a step of its own. */
function pullBack(model: Model, share: number): (() => void) | undefined {
  if (share === 0) return undefined;
  const tensors = Array.from(model.values(), ({ data }) => ({ now: data as Float32Array, start: (data as Float32Array).slice() }));
  return () => {
    for (const { now, start } of tensors) for (let i = 0; i < now.length; i++) now[i]! -= share * (now[i]! - start[i]!);
  };
}
