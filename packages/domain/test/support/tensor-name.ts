import * as fc from 'fast-check';

const reserved = ['__proto__', 'constructor', 'prototype', '__metadata__'];

/** Names every model may use; fast-check likes to draw the reserved ones. */
export const tensorName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((name) => !/\p{Cc}/u.test(name) && !reserved.includes(name));
