export * from './strategy.js';
export * from './normalise-weights.js';
export * from './fed-avg.js';
