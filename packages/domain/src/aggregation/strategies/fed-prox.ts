import { meanOfAll } from '../combine/selected.js';
import type { Strategy } from '../strategy.js';

/**
 * Federated averaging of devices that don't stray: each adds μ/2·‖w − w₀‖² to its loss, with w₀ as the model that it was
 * given, which is told to it with the job. The server does what it does for FedAvg.
 * Source: Li et al., "Federated Optimization in Heterogeneous Networks", 2020, arXiv:1812.06127, algorithm 2.
 */
export const fedProx: Strategy<unknown> = { combine: meanOfAll };
