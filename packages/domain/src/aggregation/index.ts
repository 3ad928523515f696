export { cast } from './cast.js';
export { keepsLoneUpdate, needsOf, type Needs, type StateNeeds } from './needs.js';
export { planRound, type RoundPlan, type RoundReport } from './plan-round.js';
export type { Gaussian, Plan, Round, RoundState, Update } from './round.js';
export { completeStrategy, type StrategyRequest } from './specification/complete.js';
export { wrongNumberOfDevices, type WrongNumberOfDevices } from './specification/devices-needed.js';
export type { StrategySpec } from './specification/specification.js';
