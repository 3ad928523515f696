import type { Strategy } from '../strategy.js';
import { fedAvg } from './fed-avg.js';
import { fedMedian } from './fed-median.js';

/** The strategies there are, by name. */
export const strategies = { FedAvg: fedAvg, FedMedian: fedMedian } as const satisfies Readonly<Record<string, Strategy>>;

export type StrategyName = keyof typeof strategies;
