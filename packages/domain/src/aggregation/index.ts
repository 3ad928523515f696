export { cast } from './cast.js';
export type { Plan, Update } from './strategy.js';
export { strategies, type StrategyName } from './strategies/strategies.js';
