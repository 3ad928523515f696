export * from './dtype.js';
export * from './codec.js';
