import { compareLayouts } from '../../layout/compare-layouts.js';
import type { ModelFormat } from '../model-format.js';
import { createSafetensorsChecker } from './safetensors-checker.js';
import { safetensorsCodec } from './safetensors-codec.js';

export const safetensors: ModelFormat = {
  ...safetensorsCodec,
  extension: 'safetensors',
  isText: false,
  textBytes(head, size) {
    const header = head.reduceRight((length, byte) => length * 256 + byte, 0);
    return Math.min(head.length + header, size);
  },
  check: (expected, maxTensors) => createSafetensorsChecker((layout) => expected && compareLayouts(expected, layout), maxTensors),
};
