export * from './percentile.js';
export * from './summarise.js';
export * from './thinned-series.js';
export * from './weighted-means.js';
