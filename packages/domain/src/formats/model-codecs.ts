import { jsonCodec } from './json/json-codec.js';
import type { FormatName } from './media-types.js';
import type { ModelCodec } from './model-format.js';
import { safetensorsCodec } from './safetensors/safetensors-codec.js';

/** How each format is read and written, for those who check nothing: devices, of which some are pages. */
export const modelCodecs: Readonly<Record<FormatName, ModelCodec>> = { json: jsonCodec, safetensors: safetensorsCodec };
