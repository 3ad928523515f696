export * from './search-name.js';
