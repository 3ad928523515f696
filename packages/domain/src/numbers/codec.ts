import { byteWidth, type DType } from './dtype.js';
import { decodeInt64, encodeInt64 } from './int64.js';
import { bfloat16, float16, type MiniFloat } from './mini-float.js';
import { roundHalfToEven, saturate } from './rounding.js';
import { viewAs, writeAs, type NumericArrayType } from './view-as.js';

interface Codec {
  decode(bytes: Uint8Array, out: Float64Array): void;
  encode(values: Float64Array, out: Uint8Array): void;
}

const codecs: Readonly<Record<DType, Codec>> = {
  F64: {
    decode: (bytes, out) => out.set(viewAs(Float64Array, bytes)),
    encode: (values, out) => writeAs(Float64Array, out, (target) => target.set(values)),
  },
  F32: {
    decode: (bytes, out) => out.set(viewAs(Float32Array, bytes)),
    encode: (values, out) => writeAs(Float32Array, out, (target) => target.set(values)),
  },
  F16: miniFloatCodec(float16),
  BF16: miniFloatCodec(bfloat16),
  I64: { decode: decodeInt64, encode: encodeInt64 },
  I32: integerCodec(Int32Array, -(2 ** 31), 2 ** 31 - 1),
  I16: integerCodec(Int16Array, -(2 ** 15), 2 ** 15 - 1),
  I8: integerCodec(Int8Array, -128, 127),
  U8: integerCodec(Uint8Array, 0, 255),
  BOOL: {
    decode: (bytes, out) => out.set(bytes),
    encode: (values, out) => values.forEach((value, i) => (out[i] = value >= 0.5 ? 1 : 0)),
  },
};

/**
 * Reads a block of `out.length` little-endian elements; exact for every dtype.
 * @throws RangeError when the bytes are not exactly that many elements, and for an I64 beyond
 * ±2^53, which float64 cannot hold.
 */
export function decode(dtype: DType, bytes: Uint8Array, out: Float64Array): void {
  requireLength(dtype, bytes, out.length);
  codecs[dtype].decode(bytes, out);
}

/**
 * Writes a block of `values.length` little-endian elements, each rounded once and to nearest, ties
 * to even. Integers saturate to their range; BOOL is 1 from 0.5 upwards.
 * @throws RangeError when `out` does not hold exactly that many elements.
 */
export function encode(dtype: DType, values: Float64Array, out: Uint8Array): void {
  requireLength(dtype, out, values.length);
  codecs[dtype].encode(values, out);
}

function requireLength(dtype: DType, bytes: Uint8Array, elements: number): void {
  const needed = elements * byteWidth(dtype);
  if (bytes.length !== needed) {
    throw new RangeError(`${elements} elements of ${dtype} take ${needed} bytes, not ${bytes.length}.`);
  }
}

function miniFloatCodec(format: MiniFloat): Codec {
  return {
    decode(bytes, out) {
      const values = format.values();
      const patterns = viewAs(Uint16Array, bytes);
      for (let i = 0; i < out.length; i++) out[i] = values[patterns[i]!]!;
    },
    encode(values, out) {
      writeAs(Uint16Array, out, (target) => {
        for (let i = 0; i < values.length; i++) target[i] = format.fromNumber(values[i]!);
      });
    },
  };
}

type SmallIntegers = Int32Array | Int16Array | Int8Array | Uint8Array;

function integerCodec(type: NumericArrayType<SmallIntegers>, lowest: number, highest: number): Codec {
  return {
    decode: (bytes, out) => out.set(viewAs(type, bytes)),
    encode(values, out) {
      writeAs(type, out, (target) => {
        for (let i = 0; i < values.length; i++) target[i] = saturate(roundHalfToEven(values[i]!), lowest, highest);
      });
    },
  };
}
