import type { Strategy } from '../strategy.js';
import { int64MeanReducer } from '../combine/int64-mean-reducer.js';
import { meanReducer } from '../combine/mean-reducer.js';
import { normaliseWeights } from '../combine/normalise-weights.js';

/**
 * Federated averaging: the mean of the updates weighted by their number of examples.
 * Source: McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized
 * Data", 2017, arXiv:1602.05629, algorithm 1.
 *
 * Accumulated in float64 in the order of the updates and cast once, to nearest. Memory does not
 * depend on the number of updates. A single update comes back bit for bit, in every dtype.
 */
export const fedAvg: Strategy = {
  name: 'FedAvg',
  coefficients: normaliseWeights,
  reducer: (dtype, blockLength) =>
    dtype === 'I64' ? int64MeanReducer(blockLength) : meanReducer(dtype, blockLength),
};
