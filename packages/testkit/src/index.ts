export * from './eventually.js';
export * from './fault-server.js';
export * from './random.js';
export * from './server.js';
export * from './postgres.js';
export * from './postgres-database.js';
export * from './postgres-for-vitest.js';
export * from './poison-models.js';
