import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { decodeModel, encodeModel, type DType, type Tensor } from '../src/index.js';
import { arrayOf } from '../src/model/arrays.js';

const fixture = new URL('../../contract/fixtures/client-rules.json', import.meta.url);
const { tensors } = JSON.parse(await readFile(fixture, 'utf8')) as { tensors: ReadonlyArray<{ dtype: DType; hex: string; numbers: readonly number[] }> };

const numbersIn = ({ data }: Tensor): number[] => Array.from<number | bigint, number>(data, Number);

it('the table that every client is held to has every dtype', () => {
  expect(tensors.map(({ dtype }) => dtype).toSorted()).toEqual(Object.keys(arrayOf).toSorted());
});

it.each(tensors)('$dtype has the bytes that all clients agree on', ({ dtype, hex, numbers }) => {
  const data = new arrayOf[dtype](numbers.length);
  numbers.forEach((value, index) => (data[index] = (dtype === 'I64' ? BigInt(value) : value) as never));
  const file = Buffer.from(encodeModel(new Map([['w', { dtype, shape: [numbers.length], data }]]), 'safetensors'));
  const begin = 8 + Number(file.readBigUInt64LE());
  expect(file.subarray(begin).toString('hex')).toBe(hex);

  const back = decodeModel(Buffer.concat([file.subarray(0, begin), Buffer.from(hex, 'hex')])).get('w')!;
  expect([back.dtype, numbersIn(back)]).toEqual([dtype, numbers]);
});
