export { cast } from './cast.js';
export type { Numbers, Plan, Round, RoundState, Strategy, Update } from './strategy.js';
export { strategies, type StrategyName } from './strategies/strategies.js';
