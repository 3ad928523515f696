import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { completeStrategy, modelFormats, type FormatName, type ModelLayout } from '@vergeai/domain';
import { seededRandom, testSeed } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Aggregator, UpdateFile } from '../../src/models/aggregate/aggregator.js';
import { createAggregator } from '../../src/models/aggregate/aggregate-in-threads.js';
import { meanOf, sameNumbers, type Model } from '../support/experiment-log.js';
import { safetensors, sha256, smallSafetensors, type Tensor } from '../support/models.js';

const random = seededRandom(testSeed('aggregation'));
const never = new AbortController().signal;

let aggregator: Aggregator;
let folder: string;
beforeAll(async () => {
  aggregator = createAggregator(2);
  folder = await mkdtemp(path.join(tmpdir(), 'vergeai-aggregate-'));
});
afterAll(async () => {
  await aggregator.close();
  await rm(folder, { recursive: true, force: true });
});

let files = 0;
async function file(bytes: Uint8Array, numExamples: number | null = null): Promise<UpdateFile> {
  const at = path.join(folder, `update-${files++}`);
  await writeFile(at, bytes);
  return { path: at, sha256: sha256(bytes), numExamples };
}

function layoutOf(format: FormatName, bytes: Uint8Array): ModelLayout {
  const checker = modelFormats[format].check();
  checker.write(bytes);
  return checker.end();
}

async function aggregate(format: FormatName, start: Uint8Array, updates: readonly UpdateFile[], signal = never, strategy = 'FedAvg') {
  const output = path.join(folder, `aggregate-${files++}`);
  const written = await aggregator.aggregate({ strategy: completeStrategy(strategy), layout: JSON.stringify(layoutOf(format, start)), updates, output }, signal);
  const bytes = await readFile(output);
  expect(written).toMatchObject({ size: bytes.length, sha256: sha256(bytes) });
  return bytes;
}

const bytesOf = (values: { readonly buffer: ArrayBufferLike; readonly byteOffset: number; readonly byteLength: number }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** A safetensors file without the white space that may pad its header: what it says, and its bytes. */
function contentOf(bytes: Buffer) {
  const begin = 8 + Number(bytes.readBigUInt64LE());
  return { header: JSON.parse(bytes.subarray(8, begin).toString()) as unknown, data: bytes.subarray(begin).toString('base64') };
}

/** One number below 1 for every element, the same for everybody who has the seed. */
const floats = (length: number) => Float64Array.from({ length }, () => (random() - 0.5) * 4);

describe('one update', () => {
  it.each([
    ['odd formatting', '{ "b" :\n[ 1.50E+00 ],\t"w":[[-0 , 0.1000]]  }\n'],
    ['numbers at the edges', '{"b":[5e-324],"w":[[1.7976931348623157e308,-0.0]]}'],
  ])('in JSON with %s comes back byte for byte', async (_what, text) => {
    const bytes = Buffer.from(text);
    expect((await aggregate('json', Buffer.from('{"w":[[0,0]],"b":[0]}'), [await file(bytes, 7)])).toString()).toBe(text);
  });

  it('in safetensors comes back byte for byte: F64, F32, F16, BF16, every integer, BOOL, metadata and all', async () => {
    const data: Record<string, Tensor> = {
      f64: { dtype: 'F64', shape: [3], data: bytesOf(Float64Array.of(-0, 2 ** -1022, Number.MAX_VALUE)) },
      f32: { dtype: 'F32', shape: [3], data: bytesOf(Float32Array.of(-0, 1e-45, 3.4028234663852886e38)) },
      f16: { dtype: 'F16', shape: [4], data: bytesOf(Uint16Array.of(0x8000, 0x0001, 0x7bff, 0xfbff)) },
      bf16: { dtype: 'BF16', shape: [4], data: bytesOf(Uint16Array.of(0x8000, 0x0001, 0x7f7f, 0xff7f)) },
      i64: { dtype: 'I64', shape: [3], data: bytesOf(BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n)) },
      i32: { dtype: 'I32', shape: [2], data: bytesOf(Int32Array.of(2 ** 31 - 1, -(2 ** 31))) },
      i16: { dtype: 'I16', shape: [2], data: bytesOf(Int16Array.of(32767, -32768)) },
      i8: { dtype: 'I8', shape: [2], data: bytesOf(Int8Array.of(127, -128)) },
      u8: { dtype: 'U8', shape: [2], data: Uint8Array.of(0, 255) },
      bool: { dtype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) },
    };
    const start = safetensors(Object.fromEntries(Object.entries(data).map(([name, tensor]) => [name, { ...tensor, data: new Uint8Array(tensor.data.length) }])));
    const update = safetensors(data);
    expect(await aggregate('safetensors', start, [await file(update, 3)])).toEqual(update);
    // The mean of the same update twice is that update, too.
    const twice = await aggregate('safetensors', start, [await file(update, 2), await file(update, 2)]);
    expect(contentOf(twice)).toEqual(contentOf(update));
  });
});

describe('the weighted mean', () => {
  it('of JSON is the float64 mean computed here, bit for bit, whatever the order of the tensors in the files', async () => {
    const counts = [17, 5, 101, 1];
    const models = counts.map((): Model => ({ w: Array.from({ length: 37 }, () => [...floats(11)]), b: [...floats(5)], step: random() }));
    const texts = models.map((model, n) => JSON.stringify(n % 2 ? model : { step: model['step'], b: model['b'], w: model['w'] }));
    const updates = await Promise.all(texts.map((text, n) => file(Buffer.from(text), counts[n])));
    const mean = JSON.parse((await aggregate('json', Buffer.from(texts[0]!), updates)).toString()) as Model;
    expect(sameNumbers(mean, meanOf(models, counts))).toBe(true);
  });

  it('without num_examples weighs all alike', async () => {
    const models = [1, 2, 6].map((value): Model => ({ w: [value] }));
    const updates = await Promise.all(models.map((model) => file(Buffer.from(JSON.stringify(model)))));
    const mean = JSON.parse((await aggregate('json', Buffer.from('{"w":[0]}'), updates)).toString()) as Model;
    expect(sameNumbers(mean, meanOf(models, [null, null, null]))).toBe(true);
    expect((mean['w'] as number[])[0]).toBeCloseTo(3, 12);
  });

  it('of F32 and F64 is the float64 mean computed here, cast once at the end, also over several blocks of 131,072', async () => {
    const length = 300_001;
    const counts = [3, 50, 7];
    const models = counts.map(() => ({ f32: Float32Array.from(floats(length)), f64: floats(1001) }));
    const updates = await Promise.all(
      models.map(({ f32, f64 }, n) =>
        file(safetensors({ f32: { dtype: 'F32', shape: [length], data: bytesOf(f32) }, f64: { dtype: 'F64', shape: [1001], data: bytesOf(f64) } }), counts[n]),
      ),
    );
    const coefficients = counts.map((count) => count / 60);
    const expected = safetensors({
      f32: { dtype: 'F32', shape: [length], data: bytesOf(Float32Array.from({ length }, (_, at) => models.reduce((sum, { f32 }, n) => sum + coefficients[n]! * f32[at]!, -0))) },
      f64: { dtype: 'F64', shape: [1001], data: bytesOf(Float64Array.from({ length: 1001 }, (_, at) => models.reduce((sum, { f64 }, n) => sum + coefficients[n]! * f64[at]!, -0))) },
    });
    const mean = await aggregate('safetensors', await readFile(updates[0]!.path), updates);
    expect(contentOf(mean)).toEqual(contentOf(expected));
  });

  it('of integers is rounded to nearest and stays an integer of its type; of BOOL it is the majority', async () => {
    const update = (i64: bigint, i32: number, u8: number, bool: number) =>
      safetensors({
        i64: { dtype: 'I64', shape: [1], data: bytesOf(BigInt64Array.of(i64)) },
        i32: { dtype: 'I32', shape: [1], data: bytesOf(Int32Array.of(i32)) },
        u8: { dtype: 'U8', shape: [1], data: Uint8Array.of(u8) },
        bool: { dtype: 'BOOL', shape: [1], data: Uint8Array.of(bool) },
      });
    const big = 2n ** 62n + 1n;
    const updates = await Promise.all([file(update(big, 1, 255, 1), 2), file(update(big + 3n, 2, 254, 0), 1)]);
    const mean = await aggregate('safetensors', update(0n, 0, 0, 0), updates);
    expect(contentOf(mean)).toEqual(contentOf(update(big + 1n, 1, 255, 1)));
  });
});

describe('the median', () => {
  const median = (format: FormatName, start: Uint8Array, updates: readonly UpdateFile[]) => aggregate(format, start, updates, never, 'FedMedian');
  const middle = (values: readonly number[]) => {
    const sorted = Float64Array.from(values).sort();
    return values.length % 2 ? sorted[(values.length - 1) / 2]! : (sorted[values.length / 2 - 1]! + sorted[values.length / 2]!) / 2;
  };

  it.each([3, 4])('of %i updates in safetensors is that of every coordinate, also over several blocks', async (count) => {
    const length = 100_003;
    const models = Array.from({ length: count }, () => ({ f32: Float32Array.from(floats(length)), f64: floats(11), u8: Uint8Array.from(floats(7), (value) => 50 * value) }));
    const tensorsOf = ({ f32, f64, u8 }: (typeof models)[number], i64: bigint, bool: number) =>
      safetensors({
        f32: { dtype: 'F32', shape: [length], data: bytesOf(f32) },
        f64: { dtype: 'F64', shape: [11, 1], data: bytesOf(f64) },
        u8: { dtype: 'U8', shape: [7], data: u8 },
        i64: { dtype: 'I64', shape: [], data: bytesOf(BigInt64Array.of(i64)) },
        bool: { dtype: 'BOOL', shape: [1], data: Uint8Array.of(bool) },
        none: { dtype: 'F16', shape: [0, 3], data: new Uint8Array() },
      });
    const big = 2n ** 62n;
    const updates = await Promise.all(models.map((model, n) => file(tensorsOf(model, [big + 4n, -big, big + 1n, big + 3n][n]!, n % 2), 2 ** 50)));
    const column = (name: 'f32' | 'f64' | 'u8', at: number) => middle(models.map((model) => model[name][at]!));
    const halfEven = (x: number) => (x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));
    const expected = tensorsOf(
      {
        f32: Float32Array.from({ length }, (_, at) => column('f32', at)),
        f64: Float64Array.from({ length: 11 }, (_, at) => column('f64', at)),
        u8: Uint8Array.from({ length: 7 }, (_, at) => halfEven(column('u8', at))),
      },
      count === 3 ? big + 1n : big + 2n,
      count === 3 ? 0 : 1,
    );
    expect(contentOf(await median('safetensors', await readFile(updates[0]!.path), updates))).toEqual(contentOf(expected));
  });

  it.each([3, 4])('of %i updates in JSON is that of every coordinate, whatever the order of the tensors in the files', async (count) => {
    const models = Array.from({ length: count }, (): Record<string, number[]> => ({ w: [...floats(40_000)], b: [...floats(3)] }));
    const texts = models.map((model, n) => JSON.stringify(n % 2 ? { b: model['b'], w: model['w'] } : model));
    const updates = await Promise.all(texts.map((text, n) => file(Buffer.from(text), n + 1)));
    const expected = Object.fromEntries(Object.entries(models[0]!).map(([name, values]) => [name, values.map((_, at) => middle(models.map((model) => model[name]![at]!)))]));
    expect(sameNumbers(JSON.parse((await median('json', Buffer.from(texts[0]!), updates)).toString()) as Model, expected)).toBe(true);
  });

  it.each(['json', 'safetensors'] as const)('of one update in %s is its very bytes', async (format) => {
    const bytes = format === 'json' ? Buffer.from(' {"w": [ -0, 1.50e0 ]}') : smallSafetensors();
    expect(await median(format, bytes, [await file(bytes, 3)])).toEqual(bytes);
  });
});

describe('an aggregation that cannot be made', () => {
  it.each([
    ['an update is not there any more', async (update: UpdateFile) => rm(update.path)],
    ['an update has other bytes', async (update: UpdateFile) => writeFile(update.path, '{"w":[3]}')],
    ['an update was cut short', async (update: UpdateFile) => writeFile(update.path, '{"w":')],
  ])('because %s fails, and leaves no file behind', async (_what, harm) => {
    const updates = [await file(Buffer.from('{"w":[1]}')), await file(Buffer.from('{"w":[2]}'))];
    for (const some of [updates, updates.slice(1)]) {
      await writeFile(updates[1]!.path, '{"w":[2]}');
      await harm(updates[1]!);
      const before = (await readdir(folder)).sort();
      await expect(aggregate('json', Buffer.from('{"w":[0]}'), some)).rejects.toThrow(Error);
      expect((await readdir(folder)).sort()).toEqual(before);
    }
  });

  it('because the server stops ends at once, and leaves no result behind', async () => {
    const length = 2_000_000;
    const bytes = safetensors({ w: { dtype: 'F32', shape: [length], data: new Uint8Array(length * 4) } });
    const updates = await Promise.all([1, 2, 3, 4].map(() => file(bytes)));
    const before = (await readdir(folder)).filter((name) => name.startsWith('aggregate'));
    const stopping = new AbortController();
    const aborted = aggregate('safetensors', bytes, updates, stopping.signal);
    stopping.abort();
    await expect(aborted).rejects.toThrow(Error);
    expect((await readdir(folder)).filter((name) => name.startsWith('aggregate'))).toEqual(before);
  });
});
