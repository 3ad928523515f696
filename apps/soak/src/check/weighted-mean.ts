/**
 * Federated averaging as behaviour.md describes it, written from that description and from nothing else: coefficients
 * are normalised first, accumulated in float64 in device-id order and cast once; integers are rounded to nearest, ties
 * to even.
 */
export function coefficients(numExamples: ReadonlyArray<number | null>): number[] {
  if (numExamples.every((count) => count === null)) return numExamples.map(() => 1 / numExamples.length);
  let total = 0;
  for (const count of numExamples) total += count ?? Number.NaN;
  return numExamples.map((count) => count! / total);
}

/** Σ c·x; −0 is where a sum begins, so that a lone −0 stays what it is. */
export function weightedSum(values: readonly number[], weights: readonly number[]): number {
  let sum = -0;
  for (let i = 0; i < values.length; i++) sum += weights[i]! * values[i]!;
  return sum;
}

type Reader = (data: Buffer, element: number) => number;
type Writer = (data: Buffer, element: number, mean: number) => void;

const readers: Readonly<Record<string, Reader>> = {
  F64: (data, i) => data.readDoubleLE(8 * i),
  F32: (data, i) => data.readFloatLE(4 * i),
  F16: (data, i) => halfValue(data.readUInt16LE(2 * i), 10),
  BF16: (data, i) => halfValue(data.readUInt16LE(2 * i), 7),
  I32: (data, i) => data.readInt32LE(4 * i),
  I16: (data, i) => data.readInt16LE(2 * i),
  I8: (data, i) => data.readInt8(i),
  U8: (data, i) => data.readUInt8(i),
  BOOL: (data, i) => data.readUInt8(i),
};

const writers: Readonly<Record<string, Writer>> = {
  F64: (data, i, mean) => data.writeDoubleLE(Math.min(Math.max(mean, -Number.MAX_VALUE), Number.MAX_VALUE), 8 * i),
  F32: (data, i, mean) => data.writeFloatLE(Math.fround(mean), 4 * i),
  F16: (data, i, mean) => data.writeUInt16LE(nearestHalf(mean, 10), 2 * i),
  BF16: (data, i, mean) => data.writeUInt16LE(nearestHalf(mean, 7), 2 * i),
  I32: (data, i, mean) => data.writeInt32LE(clamp(toEven(mean), -(2 ** 31), 2 ** 31 - 1), 4 * i),
  I16: (data, i, mean) => data.writeInt16LE(clamp(toEven(mean), -(2 ** 15), 2 ** 15 - 1), 2 * i),
  I8: (data, i, mean) => data.writeInt8(clamp(toEven(mean), -128, 127), i),
  U8: (data, i, mean) => data.writeUInt8(clamp(toEven(mean), 0, 255), i),
  BOOL: (data, i, mean) => data.writeUInt8(mean >= 0.5 ? 1 : 0, i),
};

const widths: Readonly<Record<string, number>> = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, I16: 2, I8: 1, U8: 1, BOOL: 1 };

/** The mean of one tensor of several updates. */
export function meanOfTensors(dtype: string, tensors: readonly Buffer[], weights: readonly number[]): Buffer {
  const out = Buffer.alloc(tensors[0]!.length);
  const count = out.length / widths[dtype]!;
  if (dtype === 'I64') {
    for (let i = 0; i < count; i++) out.writeBigInt64LE(meanOfInt64(tensors.map((data) => data.readBigInt64LE(8 * i)), weights), 8 * i);
    return out;
  }
  const [read, write] = [readers[dtype]!, writers[dtype]!];
  for (let i = 0; i < count; i++) {
    let sum = -0;
    for (let k = 0; k < tensors.length; k++) sum += weights[k]! * read(tensors[k]!, i);
    write(out, i, sum);
  }
  return out;
}

/** float64 cannot hold every int64, only how far they are apart: x₁ + Σ c·(x − x₁). */
function meanOfInt64(values: readonly bigint[], weights: readonly number[]): bigint {
  let offset = 0;
  for (let k = 1; k < values.length; k++) offset += weights[k]! * Number(values[k]! - values[0]!);
  const whole = Math.floor(offset);
  const below = values[0]! + BigInt(whole);
  const rest = offset - whole;
  return rest > 0.5 || (rest === 0.5 && below % 2n !== 0n) ? below + 1n : below;
}

function toEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}

const clamp = (x: number, lowest: number, highest: number) => Math.min(Math.max(x, lowest), highest);

/** What 16 bits of a float with so many bits of mantissa stand for. */
function halfValue(bits: number, mantissaBits: number): number {
  const exponentBits = 15 - mantissaBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const exponent = (bits & 0x7fff) >> mantissaBits;
  const mantissa = (bits & (2 ** mantissaBits - 1)) / 2 ** mantissaBits;
  const size = exponent === 0 ? mantissa * 2 ** (1 - bias) : exponent === 2 ** exponentBits - 1 ? Infinity : (1 + mantissa) * 2 ** (exponent - bias);
  return bits & 0x8000 ? -size : size;
}

/** The 16 bits that stand for the nearest number, found by halving: the patterns of one sign are in the order of their values. */
function nearestHalf(x: number, mantissaBits: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  const infinity = (2 ** (15 - mantissaBits) - 1) << mantissaBits;
  let [low, high] = [0, infinity];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (halfValue(middle, mantissaBits) <= size) low = middle;
    else high = middle;
  }
  const step = halfValue(low, mantissaBits) - halfValue(low - 1, mantissaBits);
  const above = high === infinity ? halfValue(low, mantissaBits) + step : halfValue(high, mantissaBits);
  const [toLow, toHigh] = [size - halfValue(low, mantissaBits), above - size];
  const up = toHigh < toLow || (toHigh === toLow && low % 2 === 1);
  return sign | (up ? high : low);
}
