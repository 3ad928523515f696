import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSafetensorsHeader } from '../../../src/formats/safetensors/encode-safetensors-header.js';
import { createSafetensorsChecker } from '../../../src/formats/safetensors/safetensors-checker.js';
import { parseSafetensorsHeader } from '../../../src/formats/safetensors/safetensors-header.js';
import { InvalidModel } from '../../../src/layout/invalid-model.js';
import { elementCount, type TensorSpec } from '../../../src/layout/model-layout.js';
import { byteWidth, DTYPES } from '../../../src/numbers/dtype.js';
import { cleanModel } from '@vergeai/testkit';
import { feed, outcome } from '../../support/read-model.js';
import { tensorName } from '../../support/tensor-name.js';

const text = (header: string) => {
  const bytes = new Uint8Array(8 + header.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  return bytes;
};

const tensorList = fc.uniqueArray(
  fc.record({
    name: tensorName,
    dtype: fc.constantFrom(...DTYPES),
    shape: fc.array(fc.nat(4), { maxLength: 4 }),
  }),
  { selector: (tensor) => tensor.name, minLength: 1, maxLength: 8 },
);

const byName = (a: TensorSpec, b: TensorSpec) => (a.name < b.name ? -1 : 1);

const u8Entry = (begin: number, end: number) =>
  `{"dtype":"U8","shape":[${end - begin}],"data_offsets":[${begin},${end}]}`;

/** A file of zeros, which are valid in every dtype. */
function fileOf(specs: readonly TensorSpec[]): Uint8Array {
  const header = encodeSafetensorsHeader(specs);
  const data = specs.reduce((sum, { dtype, shape }) => sum + elementCount(shape) * byteWidth(dtype), 0);
  const file = new Uint8Array(header.length + data);
  file.set(header);
  return file;
}

describe('a safetensors header', () => {
  it('can be written and read again', () => {
    fc.assert(
      fc.property(tensorList, (specs) => {
        const file = fileOf(specs);
        const { layout, dataOffset, fileLength } = parseSafetensorsHeader(file);
        // Tensors without bytes share their place, and may change places.
        expect(layout.tensors.toSorted(byName)).toEqual(specs.toSorted(byName));
        expect(dataOffset % 8).toBe(0);
        expect(fileLength).toBe(file.length);
        expect(feed(createSafetensorsChecker(), file)).toEqual(layout);
      }),
    );
  });

  it('says where the bytes of each tensor are', () => {
    const { tensors, dataOffset } = parseSafetensorsHeader(cleanModel('safetensors'));
    expect(tensors.slice(0, 3).map(({ name, begin, end }) => [name, begin, end])).toEqual([
      ['layer1.weight', 0, 32],
      ['layer1.bias', 32, 48],
      ['half', 48, 54],
    ]);
    expect(cleanModel('safetensors').subarray(dataOffset, dataOffset + 4)).toEqual(Uint8Array.of(0, 0, 0, 0x3f));
  });

  it('may name the tensors in another order than that of their data', () => {
    const { layout } = parseSafetensorsHeader(text(`{"b":${u8Entry(2, 3)},"a":${u8Entry(0, 2)}}`));
    expect(layout.tensors.map((tensor) => tensor.name)).toEqual(['a', 'b']);
  });

  it('may carry metadata, white space and escapes', () => {
    const metadata = new Map([['format', 'pt'], ['__proto__', '"\\\n'], ['long', 'x'.repeat(3_000_000)]]);
    const header = encodeSafetensorsHeader([{ name: 'a"b\\c/é😀', dtype: 'U8', shape: [0] }], metadata);
    expect(parseSafetensorsHeader(header).layout.tensors[0]!.name).toBe('a"b\\c/é😀');
    const spaced = '{ "w" :\t{ "shape" : [ ] ,\n"data_offsets":[0 , 1], "dtype": "\\u0055\\u0038" } }  ';
    expect(parseSafetensorsHeader(text(spaced)).layout.tensors).toEqual([{ name: 'w', dtype: 'U8', shape: [] }]);
  });

  it('is never written with a name that no model may use', () => {
    expect(() => encodeSafetensorsHeader([{ name: '__proto__', dtype: 'U8', shape: [] }])).toThrow(InvalidModel);
  });
});

describe('the safetensors checker', () => {
  it('gives the layout, as plain data', () => {
    const layout = feed(createSafetensorsChecker(), cleanModel('safetensors'));
    expect(layout.tensors[0]).toEqual({ name: 'layer1.weight', dtype: 'F32', shape: [2, 4] });
    expect(JSON.parse(JSON.stringify(layout))).toEqual(layout);
  });

  it('comes to the same end however the file is cut into chunks and damaged', () => {
    const clean = cleanModel('safetensors');
    const dataOffset = parseSafetensorsHeader(clean).dataOffset;
    const damage = fc.array(
      fc.tuple(fc.oneof(fc.nat(clean.length - 1), fc.integer({ min: dataOffset, max: clean.length - 1 })), fc.nat(255)),
      { maxLength: 2 },
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(damage, sizes, (changes, cuts) => {
        const bytes = clean.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        expect(outcome('safetensors', bytes, cuts)).toEqual(outcome('safetensors', bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the one NaN wherever it is in a large tensor, at any alignment', () => {
    const specs: TensorSpec[] = [{ name: 'pad', dtype: 'U8', shape: [3] }, { name: 'w', dtype: 'F32', shape: [300, 200] }];
    const file = fileOf(specs);
    const { dataOffset } = parseSafetensorsHeader(file);
    fc.assert(
      fc.property(fc.nat(59_999), fc.integer({ min: 1, max: 100_000 }), (index, size) => {
        const bytes = file.slice();
        bytes.set([0, 0, 0xc0, 0x7f], dataOffset + 3 + 4 * index);
        const { pointer } = outcome('safetensors', bytes, [size]);
        expect(pointer).toBe(`/w/${Math.floor(index / 200)}/${index % 200}`);
      }),
      { numRuns: 50 },
    );
  });

  it('accepts the largest and smallest finite numbers', () => {
    const specs: TensorSpec[] = [
      { name: 'a', dtype: 'F64', shape: [2] },
      { name: 'b', dtype: 'F32', shape: [2] },
    ];
    const file = fileOf(specs);
    const { dataOffset } = parseSafetensorsHeader(file);
    file.set(new Uint8Array(Float64Array.of(Number.MAX_VALUE, -5e-324).buffer), dataOffset);
    file.set(new Uint8Array(Uint32Array.of(0xff7fffff, 1).buffer), dataOffset + 16);
    expect(outcome('safetensors', file)).toHaveProperty('layout');
  });

  it('refuses a wrong header before any data arrives', () => {
    const file = text('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}');
    expect(() => createSafetensorsChecker().write(file)).toThrow(/needs 8 bytes for its shape but has 9/);
    expect(() => createSafetensorsChecker().write(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0))).toThrow(/claims/);
    expect(() => createSafetensorsChecker().write(Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0x5b))).toThrow(/start with/);
  });

  it('lets the caller refuse the layout before any data arrives', () => {
    const refusal = new InvalidModel('/w', 'Not today.');
    const checker = createSafetensorsChecker(() => {
      throw refusal;
    });
    const header = encodeSafetensorsHeader([{ name: 'w', dtype: 'F32', shape: [1000] }]);
    expect(() => checker.write(header)).toThrow(refusal);
  });

  it('takes a header of 16 MiB and none that is longer', () => {
    const longest = (length: number) => text('{"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}'.padEnd(length));
    expect(feed(createSafetensorsChecker(), longest(16 * 1024 * 1024)).tensors).toHaveLength(1);
    expect(() => createSafetensorsChecker().write(longest(16 * 1024 * 1024 + 1))).toThrow(/claims/);
  });
});
