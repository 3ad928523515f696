import type { Chance } from '../chance.js';
import { readSafetensors, writeSafetensors, type Tensor } from './safetensors.js';

export type Format = 'json' | 'safetensors';
type Nested = number | Nested[];

/** A start model: small, unless it is to be about a megabyte. */
export function makeModel(chance: Chance, format: Format, large: boolean): Buffer {
  return format === 'json' ? makeJson(chance, large) : makeSafetensors(chance, large);
}

/** What training makes of a model: the same shape, other numbers. */
export function train(model: Buffer, format: Format, chance: Chance): Buffer {
  if (format === 'json') {
    const tensors = JSON.parse(model.toString('utf8')) as Record<string, Nested>;
    return jsonText(Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, mapNumbers(tensor, () => jsonNumber(chance))])));
  }
  return writeSafetensors(readSafetensors(model).map((tensor) => ({ ...tensor, data: randomElements(chance, tensor.dtype, tensor.data.length) })));
}

/** A model that a server must not take: one number is none, or one is missing. */
export function poison(model: Buffer, format: Format, chance: Chance): Buffer {
  if (format === 'safetensors') return model.subarray(0, model.length - 1 - chance.below(3));
  const text = model.toString('utf8');
  return Buffer.from(chance.happens(0.5) ? text.replace(/-?\d[\d.e+-]*/, '1e999') : text.replace(/\}$/, ',"intruder":[1]}'));
}

function makeJson(chance: Chance, large: boolean): Buffer {
  const numbers = (count: number) => Array.from({ length: count }, () => jsonNumber(chance));
  const columns = large ? 220 : 4;
  return jsonText({
    'dense/kernel': Array.from({ length: large ? 220 : 3 }, () => numbers(columns)),
    'dense/bias': numbers(columns),
    scale: jsonNumber(chance),
    deep: [[[[jsonNumber(chance)], [jsonNumber(chance)]]]],
  });
}

function jsonNumber(chance: Chance): number {
  return chance.weighted<() => number>([
    [12, () => chance.between(-1, 1)],
    [2, () => chance.below(1000) - 500],
    [1, () => -0],
    [1, () => chance.between(-1, 1) * 10 ** (chance.below(400) - 200)],
    [1, () => 5e-324 * chance.below(100)],
  ])();
}

function makeSafetensors(chance: Chance, large: boolean): Buffer {
  const tensor = (name: string, dtype: string, width: number, shape: number[]): Tensor => ({
    name,
    dtype,
    shape,
    data: randomElements(chance, dtype, width * shape.reduce((product, length) => product * length, 1)),
  });
  return writeSafetensors([
    tensor('kernel', 'F32', 4, large ? [512, 480] : [16, 8]),
    tensor('bias', 'F64', 8, [8]),
    tensor('half', 'F16', 2, [3, 11]),
    tensor('brain', 'BF16', 2, [33]),
    tensor('steps', 'I64', 8, [5]),
    tensor('counts', 'I32', 4, [2, 2]),
    tensor('shorts', 'I16', 2, [7]),
    tensor('tiny', 'I8', 1, [9]),
    tensor('bytes', 'U8', 1, [13]),
    tensor('mask', 'BOOL', 1, [6]),
    tensor('nothing', 'F32', 4, [0]),
  ]);
}

/** Finite elements of every kind, by their bits where that is simplest. */
function randomElements(chance: Chance, dtype: string, bytes: number): Buffer {
  const data = Buffer.alloc(bytes);
  const fill = (width: number, write: (at: number) => void) => {
    for (let at = 0; at < bytes; at += width) write(at);
  };
  const finite16 = (exponent: number) => {
    const bits = chance.below(0x10000);
    return (bits & exponent) === exponent ? bits & ~exponent : bits;
  };
  switch (dtype) {
    case 'F64':
      fill(8, (at) => data.writeDoubleLE(jsonNumber(chance), at));
      break;
    case 'F32':
      fill(4, (at) => data.writeFloatLE(chance.between(-2, 2), at));
      break;
    case 'F16':
      fill(2, (at) => data.writeUInt16LE(finite16(0x7c00), at));
      break;
    case 'BF16':
      fill(2, (at) => data.writeUInt16LE(finite16(0x7f80), at));
      break;
    case 'I64':
      fill(8, (at) => data.writeBigInt64LE(BigInt(chance.below(2 ** 40)) - 2n ** 39n, at));
      break;
    case 'I32':
      fill(4, (at) => data.writeInt32LE(chance.below(2 ** 32) - 2 ** 31, at));
      break;
    case 'BOOL':
      fill(1, (at) => data.writeUInt8(chance.below(2), at));
      break;
    default:
      fill(1, (at) => data.writeUInt8(chance.below(256), at));
  }
  return data;
}

function mapNumbers(tensor: Nested, map: () => number): Nested {
  return typeof tensor === 'number' ? map() : tensor.map((part) => mapNumbers(part, map));
}

/** JSON.stringify forgets the sign of −0. */
function jsonText(tensors: Record<string, Nested>): Buffer {
  const text = (tensor: Nested): string => (typeof tensor === 'number' ? (Object.is(tensor, -0) ? '-0' : String(tensor)) : `[${tensor.map(text).join(',')}]`);
  return Buffer.from(`{${Object.entries(tensors).map(([name, tensor]) => `${JSON.stringify(name)}:${text(tensor)}`).join(',')}}`);
}
