import { meanOfAll } from '../combine/selected.js';
import type { FedAvgMSpec } from '../specification/specification.js';
import type { Strategy } from '../strategy.js';

/**
 * Federated averaging with momentum on the server: m ← βm + d, x ← x + ηm, where d points from the start model to the
 * mean. With β = 0 and η = 1 it is federated averaging.
 * Source: Hsu et al., "Measuring the Effects of Non-Identical Data Distribution for Federated Visual Classification",
 * 2019, arXiv:1909.06335, section 4.3.
 */
export const fedAvgM: Strategy<FedAvgMSpec> = {
  combine: meanOfAll,
  step: ({ server_learning_rate: rate, server_momentum: beta }) => ({
    moments: { m: 0 },
    advance(x, d, { m }) {
      for (let i = 0; i < x.length; i++) {
        m[i] = beta * m[i]! + d[i]!;
        x[i] = x[i]! + rate * m[i]!;
      }
    },
  }),
};
