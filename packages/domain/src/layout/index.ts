export { blocksOf } from './blocks.js';
export { InvalidModel, pointerTo, quoted } from './invalid-model.js';
export { elementCount, type ModelLayout, type TensorSpec } from './model-layout.js';
export { wrappedNames } from './wrapped-names.js';
