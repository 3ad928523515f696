/** One tensor: little-endian elements. */
export interface Tensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Buffer;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export function readSafetensors(bytes: Buffer): Tensor[] {
  const dataFrom = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, dataFrom)) as Record<string, HeaderEntry>;
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, { dtype, shape, data_offsets: [from, to] }]) => ({ name, dtype, shape, data: bytes.subarray(dataFrom + from, dataFrom + to) }));
}

export function writeSafetensors(tensors: readonly Tensor[]): Buffer {
  let at = 0;
  const header: Record<string, HeaderEntry> = {};
  for (const { name, dtype, shape, data } of tensors) {
    header[name] = { dtype, shape: [...shape], data_offsets: [at, at + data.length] };
    at += data.length;
  }
  const text = JSON.stringify(header);
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8, ' '));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...tensors.map(({ data }) => data)]);
}
