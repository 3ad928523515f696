import type { Strategy } from '../strategy.js';
import { fedAvg } from './fed-avg.js';

/** The strategies there are, by name. */
export const strategies = { FedAvg: fedAvg } as const satisfies Readonly<Record<string, Strategy>>;

export type StrategyName = keyof typeof strategies;
