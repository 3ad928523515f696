import type { MediaType } from '../media-type.js';

export const safetensorsMediaType = {
  name: 'safetensors',
  contentTypes: ['application/octet-stream', 'application/vnd.safetensors', 'application/x-safetensors'],
  // It begins with the length of its header as a 64-bit little-endian number, of which the upper bytes are zero.
  sniff: (head) => head.includes(0),
} as const satisfies MediaType;
