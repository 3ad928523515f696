import { InvalidModel, pointerTo, quoted } from './invalid-model.js';

/** Longest tensor name, in UTF-16 code units. */
export const MAX_NAME_LENGTH = 512;

// `__metadata__` is the metadata map of safetensors and no tensor in either format, so that a
// model can be written in both. The others open the door to prototype pollution.
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', '__metadata__']);

const controlCharacter = /\p{Cc}/u;
const loneSurrogate = /[\ud800-\udfff]/u;

/**
 * Accepts any non-empty, well-formed, printable name of bounded length that is not reserved.
 * Names still belong into a Map, never into the keys of an object.
 * @throws InvalidModel; its pointer is the whole model when the name itself is not fit to print.
 */
export function checkTensorName(name: string): void {
  if (name === '') throw new InvalidModel('/', 'A tensor name is empty.');
  if (name.length > MAX_NAME_LENGTH) {
    throw new InvalidModel('', `The tensor name ${quoted(name)} is longer than ${MAX_NAME_LENGTH} characters.`);
  }
  if (controlCharacter.test(name)) {
    throw new InvalidModel('', `The tensor name ${quoted(name)} contains a control character.`);
  }
  if (loneSurrogate.test(name)) {
    throw new InvalidModel('', `The tensor name ${quoted(name)} is not well-formed Unicode.`);
  }
  if (reserved.has(name)) {
    throw new InvalidModel(pointerTo(name), `${quoted(name)} is reserved and cannot name a tensor.`);
  }
}
