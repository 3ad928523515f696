export * from './billable-size.js';
export * from './devices.js';
export * from './status.js';
export * from './termination.js';
export * from './transitions.js';
export * from './waiting.js';
