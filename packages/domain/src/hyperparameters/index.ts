export * from './differing-paths.js';
