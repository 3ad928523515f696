export * from './models/index.js';
export * from './aggregation/index.js';
