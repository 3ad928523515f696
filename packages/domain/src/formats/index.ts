export type { ModelSink } from './model-sink.js';
export * from './model-checker.js';
export * from './safetensors/safetensors-header.js';
export * from './safetensors/safetensors-checker.js';
export * from './safetensors/encode-safetensors-header.js';
export * from './json/json-model-reader.js';
export * from './json/json-model-writer.js';
