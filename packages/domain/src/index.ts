export * from './numbers/index.js';
export * from './layout/index.js';
export * from './formats/index.js';
export * from './aggregation/index.js';
export * from './jobs/index.js';
export * from './metrics/index.js';
export * from './search/index.js';
export * from './hyperparameters/index.js';
