import { describe, expect, it } from 'vitest';
import { decodeModel, encodeModel, floats, memoryCache, type Model } from '../src/index.js';

const one: Model = new Map([['w', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 0.1) }]]);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a model', () => {
  it('is nested lists in JSON and F64 when it is read', () => {
    const bytes = encodeModel(one, 'json');
    expect(text(bytes)).toBe('{"w":[[1,2],[3,0.10000000149011612]]}');
    expect(decodeModel(bytes)).toEqual(new Map([['w', { dtype: 'F64', shape: [2, 2], data: Float64Array.from(one.get('w')!.data as Float32Array) }]]));
  });

  it('comes back from safetensors as it was, in every dtype', () => {
    const all: Model = new Map([
      ['a', { dtype: 'F64', shape: [1], data: Float64Array.of(Math.PI) }],
      ['b', { dtype: 'F32', shape: [3], data: Float32Array.of(1e-45, -0, 3e38) }],
      ['c', { dtype: 'F16', shape: [40_000], data: Float32Array.from({ length: 40_000 }, (_, i) => (i % 2048) - 1024) }],
      ['d', { dtype: 'BF16', shape: [1, 2], data: Float32Array.of(1.5, -3) }],
      ['e', { dtype: 'I64', shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) }],
      ['f', { dtype: 'I32', shape: [1], data: Int32Array.of(-5) }],
      ['g', { dtype: 'I16', shape: [1], data: Int16Array.of(-6) }],
      ['h', { dtype: 'I8', shape: [1], data: Int8Array.of(-7) }],
      ['i', { dtype: 'U8', shape: [0], data: new Uint8Array() }],
      ['j', { dtype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) }],
    ]);
    const bytes = encodeModel(all, 'safetensors');
    const read = decodeModel(bytes);
    expect(read).toEqual(all);
    expect([...read.keys()]).toEqual([...all.keys()]);
    floats(read, 'b')[0] = 5;
    expect(decodeModel(bytes)).toEqual(all);
  });

  it('may lie anywhere in a buffer, and hold large JSON numbers across blocks', () => {
    const bytes = encodeModel(one, 'safetensors');
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeModel(shifted.subarray(3))).toEqual(one);
    const data = Float64Array.from({ length: 50_001 }, (_, i) => i / 3);
    const long: Model = new Map([['x', { dtype: 'F64', shape: [50_001], data }]]);
    expect(decodeModel(encodeModel(long, 'json'))).toEqual(long);
  });

  it('with an infinite number, or one too large for its dtype, is refused with its place', () => {
    const f16: Model = new Map([['h', { dtype: 'F16', shape: [2], data: Float32Array.of(1, 1e6) }]]);
    expect(() => encodeModel(f16, 'safetensors')).toThrow('Tensor "h" holds Infinity at [1]');
    const f32: Model = new Map([['w', { dtype: 'F32', shape: [1, 2], data: Float32Array.of(1, NaN) }]]);
    for (const format of ['json', 'safetensors'] as const) expect(() => encodeModel(f32, format)).toThrow('Tensor "w" holds NaN at [0, 1]');
  });

  it('cut short or too long is refused', () => {
    const bytes = encodeModel(one, 'safetensors');
    expect(() => decodeModel(bytes.subarray(0, -1))).toThrow('bytes where its header announces');
    expect(() => decodeModel(new TextEncoder().encode('{"w":[1'))).toThrow('ends too early');
  });

  it('says which tensors it has when one is asked for that it has not', () => {
    expect(() => floats(one, 'v')).toThrow('no tensor "v"; it has w.');
    expect(() => floats(new Map([['n', { dtype: 'I32', shape: [1], data: Int32Array.of(1) }]]), 'n')).toThrow('holds integers (I32)');
  });
});

describe('the memory cache', () => {
  it('keeps what was used last, and nothing larger than itself', () => {
    const cache = memoryCache(10);
    const put = (name: string, length: number) => cache.set(name, new Uint8Array(length));
    put('a', 4);
    put('b', 4);
    cache.get('a');
    put('c', 4);
    put('huge', 11);
    expect(['a', 'b', 'c', 'huge'].map((name) => cache.get(name) !== undefined)).toEqual([true, false, true, false]);
    put('c', 6);
    expect(cache.get('a')).toBeDefined();
  });
});
