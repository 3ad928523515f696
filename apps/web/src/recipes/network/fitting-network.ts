import type { Model } from '@vergeai/worker';
import type { Examples, Task } from '../recipe.js';
import { Network } from './network.js';

/**
 * The network of a model, for these examples.
 * @throws RangeError when it is none, or takes or gives something else than they have.
 */
export function fittingNetwork(model: Model, task: Task, { width }: Pick<Examples, 'width'>): Network {
  const network = new Network(model, task.kind);
  const outputs = task.kind === 'classes' ? task.classes.length : 1;
  if (network.inputs !== width) throw new RangeError(`The model takes ${network.inputs} numbers, and an example has ${width}.`);
  if (network.outputs !== outputs) throw new RangeError(`The model gives ${network.outputs} numbers, and ${outputs} are wanted.`);
  return network;
}
