import type { Model } from '@vergeai/worker';
import { seededRandom, shuffled } from '../random.js';
import type { Examples, Settings, Task, TrainingProgress } from '../recipe.js';
import { fittingNetwork } from './fitting-network.js';

/** So long the thread may be kept: heartbeats go out in between, and news of a cancelled job come in. */
const BREATHE_EVERY_MS = 50;
/** Somebody looks on. */
const REPORT_EVERY_MS = 1_000;
/** Asking what time it is costs about as much as a small example. */
const EXAMPLES_A_LOOK = 8;

export interface Trained {
  /** Means over the last epoch. */
  readonly loss: number;
  readonly accuracy: number | undefined;
  readonly numExamples: number;
}

/**
 * Trains the model in place on all examples, `epochs` times, in an order that `seed` replays. It reports twenty times, and once a second.
 * @throws the signal's reason once it aborts; a RangeError when the model does not fit, or the training runs away.
 */
export async function train(model: Model, task: Task, examples: Examples, { learning_rate, epochs }: Settings, seed: number, { signal, onProgress }: TrainingProgress): Promise<Trained> {
  const network = fittingNetwork(model, task, examples);
  const random = seededRandom(seed);
  const row = new Float32Array(examples.width);
  const total = examples.count * epochs;
  const reportEvery = Math.max(1, Math.ceil(total / 20));
  let lastBreath = performance.now();
  let lastReport = lastBreath;
  let [done, epochTally] = [0, newTally()];
  let tally = newTally();
  const reportAt = (epoch: number) => {
    const { meanLoss, accuracy } = means(tally, task);
    if (!Number.isFinite(meanLoss)) throw new RangeError(`The training ran away in epoch ${epoch}: the loss is not a number any more. Try a smaller learning rate than ${learning_rate}.`);
    onProgress({ fraction: done / total, epoch, epochs, loss: meanLoss, accuracy, examples: done });
    tally = newTally();
    lastReport = performance.now();
  };
  for (let epoch = 1; epoch <= epochs; epoch++) {
    epochTally = newTally();
    for (const index of shuffled(examples.count, random)) {
      examples.read(index, row);
      const { loss, isRight } = network.learn(row, examples.targets[index]!, learning_rate);
      for (const each of [tally, epochTally]) count(each, loss, isRight);
      done++;
      if (done % reportEvery === 0 || done === total) reportAt(epoch);
      if (done % EXAMPLES_A_LOOK > 0 || performance.now() - lastBreath < BREATHE_EVERY_MS) continue;
      await breathe();
      signal.throwIfAborted();
      lastBreath = performance.now();
      if (tally.count > 0 && lastBreath - lastReport > REPORT_EVERY_MS) reportAt(epoch);
    }
  }
  signal.throwIfAborted();
  const { meanLoss, accuracy } = means(epochTally, task);
  return { loss: meanLoss, accuracy, numExamples: examples.count };
}

interface Tally {
  loss: number;
  right: number;
  count: number;
}

const newTally = (): Tally => ({ loss: 0, right: 0, count: 0 });

function count(tally: Tally, loss: number, isRight: boolean): void {
  tally.loss += loss;
  tally.right += Number(isRight);
  tally.count++;
}

const means = ({ loss, right, count: n }: Tally, task: Task) => ({ meanLoss: loss / n, accuracy: task.kind === 'classes' ? right / n : undefined });

/** A turn of the event loop. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
