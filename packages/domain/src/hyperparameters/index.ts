export * from './differing-paths.js';
export * from './search-space.js';
export * from './with-value.js';
