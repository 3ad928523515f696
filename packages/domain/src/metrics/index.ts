export * from './goal.js';
export * from './percentile.js';
export * from './stopping.js';
export * from './summarise.js';
export * from './thinned-series.js';
export * from './weighted-means.js';
