export * from './models/index.js';
export * from './aggregation/index.js';
export * from './jobs/index.js';
export * from './metrics/index.js';
