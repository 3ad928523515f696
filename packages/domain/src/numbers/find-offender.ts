import type { DType } from './dtype.js';
import { viewAs } from './view-as.js';

/**
 * Index of the first element no model may contain, or −1: NaN and the infinities in floats, any
 * byte but 0 and 1 in BOOL. Integer tests on the exponent bits, which are all ones in NaN and the
 * infinities only: twice as fast as loading floats and asking Number.isFinite.
 */
export type FindOffender = (elements: Uint8Array) => number;

/** The test of each dtype that has one; the other dtypes have no wrong values. */
export const offenderFinders: ReadonlyMap<DType, FindOffender> = new Map<DType, FindOffender>([
  ['F64', inFloat64],
  ['F32', inFloat32],
  ['F16', (elements) => inFloat16(elements, 0x7c00)],
  ['BF16', (elements) => inFloat16(elements, 0x7f80)],
  ['BOOL', inBool],
]);

/** Index of the first element of a tensor of this dtype that is no number it may have, or −1. */
export const findNotFinite = (dtype: DType, elements: Uint8Array): number => offenderFinders.get(dtype)?.(elements) ?? -1;

function inFloat64(elements: Uint8Array): number {
  const words = viewAs(Uint32Array, elements);
  for (let i = 1; i < words.length; i += 2) {
    if ((words[i]! & 0x7ff00000) === 0x7ff00000) return i >> 1;
  }
  return -1;
}

function inFloat32(elements: Uint8Array): number {
  const words = viewAs(Uint32Array, elements);
  for (let i = 0; i < words.length; i++) {
    if ((words[i]! & 0x7f800000) === 0x7f800000) return i;
  }
  return -1;
}

function inFloat16(elements: Uint8Array, exponent: number): number {
  const patterns = viewAs(Uint16Array, elements);
  for (let i = 0; i < patterns.length; i++) {
    if ((patterns[i]! & exponent) === exponent) return i;
  }
  return -1;
}

function inBool(elements: Uint8Array): number {
  for (let i = 0; i < elements.length; i++) {
    if (elements[i]! > 1) return i;
  }
  return -1;
}
