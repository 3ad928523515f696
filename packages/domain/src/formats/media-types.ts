// What clients need to know of the formats, without the code that reads and writes them.
import { jsonMediaType } from './json/json-media-type.js';
import { HEAD_BYTES } from './media-type.js';
import { safetensorsMediaType } from './safetensors/safetensors-media-type.js';

export { HEAD_BYTES, type MediaType } from './media-type.js';

/** Every format a model can be sent in, in the order in which they are asked whether a file is theirs. */
export const mediaTypes = [safetensorsMediaType, jsonMediaType] as const;

export type FormatName = (typeof mediaTypes)[number]['name'];

/**
 * The format of a model, from its first HEAD_BYTES bytes. What nobody knows is taken for the last format, whose
 * checker says what is wrong with it.
 */
export function sniffFormat(head: Uint8Array): FormatName {
  const start = head.subarray(0, HEAD_BYTES);
  return (mediaTypes.find((type) => type.sniff(start)) ?? mediaTypes.at(-1)!).name;
}

export function mediaTypeOf(name: FormatName): (typeof mediaTypes)[number] {
  return mediaTypes.find((type) => type.name === name)!;
}
