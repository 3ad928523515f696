import { json } from './json/json-format.js';
import type { FormatName } from './media-types.js';
import type { ModelFormat } from './model-format.js';
import { safetensors } from './safetensors/safetensors-format.js';

/** The formats that models can be sent in, by name. */
export const modelFormats: Readonly<Record<FormatName, ModelFormat>> = { json, safetensors };
