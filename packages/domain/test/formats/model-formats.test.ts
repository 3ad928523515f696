import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanModel, poisonModels } from '@vergeai/testkit';
import { bytesInMemory, roomInMemory } from '../../src/formats/in-memory.js';
import { HEAD_BYTES, mediaTypeOf, mediaTypes, sniffFormat, type FormatName } from '../../src/formats/media-types.js';
import { modelFormats } from '../../src/formats/model-formats.js';
import { InvalidModel } from '../../src/layout/invalid-model.js';
import { blocksOf } from '../../src/layout/blocks.js';
import { elementCount, type ModelLayout, type TensorSpec } from '../../src/layout/model-layout.js';
import { encode } from '../../src/numbers/codec.js';
import { byteWidth, DTYPES } from '../../src/numbers/dtype.js';
import { feed } from '../support/read-model.js';
import { tensorName } from '../support/tensor-name.js';

const names = mediaTypes.map(({ name }) => name);
const utf8 = (text: string) => new TextEncoder().encode(text);

/** Layouts that every format can express: JSON has no list for a 0 before the last dimension. */
const layoutIn = (format: FormatName) => {
  const shape = fc.tuple(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), fc.boolean()).map(([dimensions, empty]) => (empty ? [...dimensions, 0] : dimensions));
  const tensor = fc.record({ name: tensorName, dtype: fc.constantFrom(...DTYPES).map(modelFormats[format].dtypeOf), shape });
  return fc.uniqueArray(tensor, { selector: ({ name }) => name, minLength: 1, maxLength: 6 }).map((tensors): ModelLayout => ({ format, tensors }));
};

/** Other elements for every tensor, which all dtypes hold exactly. */
function elementsOf({ dtype, shape }: TensorSpec, seed: number): Uint8Array {
  const bytes = new Uint8Array(elementCount(shape) * byteWidth(dtype));
  encode(dtype, Float64Array.from({ length: elementCount(shape) }, (_, i) => (seed + i) % 2), bytes);
  return bytes;
}

/** The file of these elements, handed over in blocks of `blockLength`. */
function written(layout: ModelLayout, elements: ReadonlyMap<string, Uint8Array>, blockLength: number): Uint8Array {
  const writer = modelFormats[layout.format].write(layout);
  const parts = [writer.head];
  for (const { tensor, at, length } of blocksOf(layout.tensors, blockLength)) {
    const width = byteWidth(tensor.dtype);
    parts.push(writer.write(elements.get(tensor.name)!.subarray(at * width, (at + length) * width)).slice());
  }
  const file = Buffer.concat([...parts, writer.end()]);
  expect(writer.size ?? file.length).toBe(file.length);
  return file;
}

describe('the format of a model', () => {
  it.each(names)('is told by the first bytes of a %s file', (format) => {
    expect(sniffFormat(cleanModel(format))).toBe(format);
    expect(sniffFormat(cleanModel(format).subarray(0, HEAD_BYTES))).toBe(format);
  });

  it.each([
    ['white space before the brace', utf8(' \n\t{"w":[1]}'), 'json'],
    ['a JSON file shorter than that', utf8('{"w":1}'), 'json'],
    ['a name in any script', utf8('{"重み":1}'), 'json'],
    ['an empty file', new Uint8Array(), 'json'],
    ['a page of HTML', utf8('<!doctype html>'), 'json'],
    ['a header of 16 MiB', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0x7b), 'safetensors'],
    ['zeros only where the numbers begin', Buffer.concat([utf8('{"w":[1]}'), Buffer.alloc(8)]), 'json'],
  ])('is told of %s', (_, bytes, format) => {
    expect(sniffFormat(bytes)).toBe(format);
  });

  it('is told of every file that the checker of its format accepts', () => {
    for (const { format, bytes, loneOffence } of poisonModels()) if (!loneOffence) expect(sniffFormat(bytes)).toBe(format);
  });

  it.each(names)('%s has the name, the content types and the file extension that are registered for it', (name) => {
    const { extension } = modelFormats[name];
    const { contentTypes } = mediaTypeOf(name);
    const known = {
      json: { contentTypes: ['application/json'], extension: 'json' },
      safetensors: { contentTypes: ['application/octet-stream', 'application/vnd.safetensors', 'application/x-safetensors'], extension: 'safetensors' },
    };
    expect({ contentTypes, extension }).toEqual(known[name]);
    expect(modelFormats[name]).toMatchObject({ name, ...known[name] });
  });
});

describe.each(names)('a %s file', (format) => {
  it('that was written passes the check, is told by its first bytes, and gives its numbers back from anywhere', () => {
    fc.assert(
      fc.property(layoutIn(format), fc.nat(9), fc.integer({ min: 1, max: 40 }), (layout, seed, blockLength) => {
        const elements = new Map(layout.tensors.map((tensor, i) => [tensor.name, elementsOf(tensor, seed + i)]));
        const file = written(layout, elements, blockLength);
        expect(sniffFormat(file)).toBe(format);
        const byName = ({ tensors }: ModelLayout) => new Map(tensors.map((tensor) => [tensor.name, tensor]));
        expect(byName(feed(modelFormats[format].check(layout), file, [7]))).toEqual(byName(layout));
        const reader = modelFormats[format].read(bytesInMemory(file), roomInMemory);
        expect(byName(reader.layout)).toEqual(byName(layout));
        for (const block of [...blocksOf(layout.tensors, 3)].toReversed()) {
          const width = byteWidth(block.tensor.dtype);
          const read = new Uint8Array(block.length * width);
          reader.read(block, read);
          expect(read).toEqual(elements.get(block.tensor.name)!.subarray(block.at * width, (block.at + block.length) * width));
        }
      }),
    );
  });

  it('of many numbers is read as it was written', () => {
    const layout: ModelLayout = { format, tensors: [{ name: 'w', dtype: 'F64', shape: [300, 101] }] };
    const values = Float64Array.from({ length: 30_300 }, (_, i) => (i - 15_000) / 7);
    const elements = new Uint8Array(values.buffer);
    const reader = modelFormats[format].read(bytesInMemory(written(layout, new Map([['w', elements]]), 8191)), roomInMemory);
    const read = new Uint8Array(elements.length);
    reader.read({ tensor: layout.tensors[0]!, at: 0, length: values.length }, read);
    expect(Buffer.from(read).equals(elements)).toBe(true);
  });

  const two: ModelLayout = { format, tensors: [{ name: 'w', dtype: 'F64', shape: [2] }] };

  it('is not written with more or fewer elements than its layout has, nor with a layout that no model may have', () => {
    expect(() => modelFormats[format].write(two).write(new Uint8Array(24))).toThrow(RangeError);
    const writer = modelFormats[format].write(two);
    writer.write(new Uint8Array(8));
    expect(() => writer.end()).toThrow(RangeError);
    const deep = Array.from({ length: 65 }, () => 1);
    for (const tensors of [[], [{ name: '__proto__', shape: [] }], [{ name: 'w', shape: deep }]]) {
      expect(() => modelFormats[format].write({ format, tensors: tensors.map((tensor) => ({ dtype: 'F64', ...tensor })) })).toThrow(InvalidModel);
    }
  });

  it('that ends too early, goes on too long or is no such file is not read', () => {
    const file = written(two, new Map([['w', new Uint8Array(16)]]), 2);
    const read = (bytes: Uint8Array) => () => modelFormats[format].read(bytesInMemory(bytes), roomInMemory);
    for (const length of [0, 3, 8, file.length - 1]) expect(read(file.subarray(0, length))).toThrow(InvalidModel);
    expect(read(Buffer.concat([file, utf8('x')]))).toThrow(InvalidModel);
    for (const other of names.filter((name) => name !== format)) expect(read(cleanModel(other))).toThrow(InvalidModel);
  });
});

it('a file in memory is not read past its end', () => {
  expect(() => bytesInMemory(new Uint8Array(3)).read(new Uint8Array(2), 2)).toThrow(RangeError);
});
