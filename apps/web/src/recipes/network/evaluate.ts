import type { Model } from '@vergeai/worker';
import type { Examples, Judgement, Task } from '../recipe.js';
import { fittingNetwork } from './fitting-network.js';

/**
 * How good a model is on these examples.
 * @throws RangeError when it does not fit them.
 */
export function evaluate(model: Model, task: Task, examples: Examples): Judgement {
  const network = fittingNetwork(model, task, examples);
  const row = new Float32Array(examples.width);
  let [loss, right] = [0, 0];
  for (let index = 0; index < examples.count; index++) {
    examples.read(index, row);
    const answer = network.judge(row, examples.targets[index]!);
    loss += answer.loss;
    right += Number(answer.isRight);
  }
  const { count } = examples;
  const shared = { loss: loss / count, count };
  if (task.kind === 'classes') return { ...shared, measure: 'accuracy', value: right / count, baseline: mostFrequent(examples) / count };
  // The loss is half the square, of values that were scaled.
  return { ...shared, measure: 'error', value: Math.sqrt((2 * loss) / count) * task.unit.spread, baseline: rootMeanSquare(examples) * task.unit.spread };
}

function mostFrequent({ targets, count }: Examples): number {
  const counts = new Map<number, number>();
  for (let index = 0; index < count; index++) counts.set(targets[index]!, (counts.get(targets[index]!) ?? 0) + 1);
  return Math.max(...counts.values());
}

/** Scaled values are around their mean. */
function rootMeanSquare({ targets, count }: Examples): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += targets[index]! ** 2;
  return Math.sqrt(sum / count);
}
