import type { MediaType } from '../media-type.js';

export const jsonMediaType = {
  name: 'json',
  contentTypes: ['application/json'],
  // Text never holds a zero byte.
  sniff: (head) => !head.includes(0),
} as const satisfies MediaType;
