import { describe, expect, it } from 'vitest';
import { modelFormats } from '../../src/formats/model-formats.js';
import { InvalidModel } from '../../src/layout/invalid-model.js';
import { encodeSafetensorsHeader } from '../../src/formats/safetensors/encode-safetensors-header.js';
import { feed } from '../support/read-model.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const names = (count: number, length = 1) => Array.from({ length: count }, (_, n) => String(n).padStart(length, '0'));

/** Files of scalars with these names. */
const files = {
  json: (tensors: readonly string[]) => utf8(`{${tensors.map((name) => `"${name}":0`).join(',')}}`),
  safetensors: (tensors: readonly string[]) =>
    Buffer.concat([encodeSafetensorsHeader(tensors.map((name) => ({ name, dtype: 'F32', shape: [] }))), Buffer.alloc(4 * tensors.length)]),
};

describe.each(['json', 'safetensors'] as const)('a %s model', (format) => {
  const refusal = (file: Uint8Array, maxTensors: number) => {
    try {
      feed(modelFormats[format].check(undefined, maxTensors), file);
      return undefined;
    } catch (error) {
      if (!(error instanceof InvalidModel)) throw error;
      return { pointer: error.pointer, message: error.message };
    }
  };

  it('may have as many tensors as are taken, and not one more', () => {
    expect(refusal(files[format](names(100)), 100)).toBeUndefined();
    expect(refusal(files[format](names(101)), 100)).toEqual({ pointer: '/100', message: 'The model has more than 100 tensors, the most that are taken.' });
  });

  it('may have some long names, and not nothing else', () => {
    expect(refusal(files[format](names(50, 512)), 100)).toBeUndefined();
    const last = names(51, 512)[50]!;
    expect(refusal(files[format](names(51, 512)), 100)).toEqual({
      pointer: `/${last}`,
      message: 'The names and shapes of the tensors are longer than 25600 characters together, the most that are taken.',
    });
  });
});

it('a safetensors model may have no more metadata than tensors are taken', () => {
  const withNotes = (count: number) =>
    Buffer.concat([encodeSafetensorsHeader([{ name: 'w', dtype: 'F32', shape: [] }], new Map(names(count).map((name) => [name, '']))), Buffer.alloc(4)]);
  const check = (count: number) => () => feed(modelFormats.safetensors.check(undefined, 100), withNotes(count));
  expect(check(100)).not.toThrow();
  expect(check(101)).toThrow('The metadata has more than 100 entries, the most that are taken.');
});
