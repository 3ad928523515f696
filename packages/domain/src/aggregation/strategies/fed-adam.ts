import { meanOfAll } from '../combine/selected.js';
import type { FedAdamSpec } from '../specification/specification.js';
import { adaptiveStep, correctedRate } from '../step/adaptive.js';
import type { Strategy } from '../strategy.js';

/**
 * A step like Adam's: v ← β₂v + (1−β₂)d².
 * Source: Reddi et al., "Adaptive Federated Optimization", 2021, arXiv:2003.00295, algorithm 2. The paper corrects no
 * bias; `bias_correction` does, as in Kingma and Ba, "Adam", 2015, arXiv:1412.6980.
 */
export const fedAdam: Strategy<FedAdamSpec> = {
  combine: meanOfAll,
  step(parameters) {
    const { server_learning_rate: rate, beta_1: beta1, beta_2: beta2, bias_correction: corrects } = parameters;
    const rest = 1 - beta2;
    return adaptiveStep(
      parameters,
      (v, d) => {
        for (let i = 0; i < v.length; i++) v[i] = beta2 * v[i]! + rest * (d[i]! * d[i]!);
      },
      corrects ? correctedRate(rate, beta1, beta2) : undefined,
    );
  },
};
