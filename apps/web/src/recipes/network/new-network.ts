import type { Model } from '@vergeai/worker';
import { seededRandom } from '../random.js';
import { tensorNames } from './network.js';

export interface Shape {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}

/** A network that has learnt nothing yet: uniform weights, scaled by the number of inputs (He et al. 2015, arXiv 1502.01852). */
export function newNetwork({ inputs, hidden, outputs }: Shape, seed: number): Model {
  const random = seededRandom(seed);
  const uniform = (length: number, bound: number) => Float32Array.from({ length }, () => (2 * random() - 1) * bound);
  return new Map([
    [tensorNames.hidden, { dtype: 'F32', shape: [hidden, inputs], data: uniform(hidden * inputs, Math.sqrt(6 / inputs)) }],
    [tensorNames.hiddenBias, { dtype: 'F32', shape: [hidden], data: new Float32Array(hidden) }],
    [tensorNames.output, { dtype: 'F32', shape: [outputs, hidden], data: uniform(outputs * hidden, Math.sqrt(6 / hidden) / 2) }],
    [tensorNames.outputBias, { dtype: 'F32', shape: [outputs], data: new Float32Array(outputs) }],
  ]);
}
