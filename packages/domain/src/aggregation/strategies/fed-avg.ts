import { meanOfAll } from '../combine/selected.js';
import type { Strategy } from '../strategy.js';

/**
 * Federated averaging: the mean of the updates weighted by their number of examples.
 * Source: McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized
 * Data", 2017, arXiv:1602.05629, algorithm 1.
 */
export const fedAvg: Strategy<unknown> = { combine: meanOfAll };
