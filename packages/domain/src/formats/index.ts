export { bytesInMemory, roomInMemory } from './in-memory.js';
export { encodeSafetensorsHeader } from './safetensors/encode-safetensors-header.js';
export { HEAD_BYTES, mediaTypes, sniffFormat, type FormatName } from './media-types.js';
export type { ByteSource, ByteStore, ModelCodec, ModelFormat, ModelNumbers, ModelReader, ModelWriter } from './model-format.js';
export { modelCodecs } from './model-codecs.js';
export { modelFormats } from './model-formats.js';
export { numbered } from './tensor-places.js';
export { TensorDataChecker } from './tensor-data-checker.js';
