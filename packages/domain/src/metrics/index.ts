export * from './weighted-means.js';
