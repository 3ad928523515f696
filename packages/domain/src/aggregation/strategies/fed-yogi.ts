import { meanOfAll } from '../combine/selected.js';
import type { FedYogiSpec } from '../specification/specification.js';
import { adaptiveStep, correctedRate } from '../step/adaptive.js';
import type { Strategy } from '../strategy.js';

/**
 * A step like Yogi's, whose second moment falls no faster than it rises: v ← v − (1−β₂)·d²·sign(v − d²).
 * Source: Reddi et al., "Adaptive Federated Optimization", 2021, arXiv:2003.00295, algorithm 2.
 */
export const fedYogi: Strategy<FedYogiSpec> = {
  combine: meanOfAll,
  step(parameters) {
    const { server_learning_rate: rate, beta_1: beta1, beta_2: beta2, bias_correction: corrects } = parameters;
    const rest = 1 - beta2;
    return adaptiveStep(
      parameters,
      (v, d) => {
        for (let i = 0; i < v.length; i++) {
          const square = d[i]! * d[i]!;
          v[i] = v[i]! - rest * square * Math.sign(v[i]! - square);
        }
      },
      corrects ? correctedRate(rate, beta1, beta2) : undefined,
    );
  },
};
