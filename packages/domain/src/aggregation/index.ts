export * from './strategy.js';
export * from './combine/normalise-weights.js';
export * from './strategies/fed-avg.js';
