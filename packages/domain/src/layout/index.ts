export * from './model-layout.js';
export * from './invalid-model.js';
export * from './tensor-name.js';
export * from './compare-layouts.js';
