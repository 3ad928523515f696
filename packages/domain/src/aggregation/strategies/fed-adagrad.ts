import { meanOfAll } from '../combine/selected.js';
import type { FedAdagradSpec } from '../specification/specification.js';
import { adaptiveStep } from '../step/adaptive.js';
import type { Strategy } from '../strategy.js';

/**
 * A step like AdaGrad's, which gets shorter the farther a coordinate has gone: v ← v + d².
 * Source: Reddi et al., "Adaptive Federated Optimization", 2021, arXiv:2003.00295, algorithm 2.
 */
export const fedAdagrad: Strategy<FedAdagradSpec> = {
  combine: meanOfAll,
  step: (parameters) =>
    adaptiveStep(parameters, (v, d) => {
      for (let i = 0; i < v.length; i++) v[i] = v[i]! + d[i]! * d[i]!;
    }),
};
