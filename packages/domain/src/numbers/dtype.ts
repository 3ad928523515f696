/** Element types of a tensor, under the names the safetensors format gives them. */
export type DType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

const widths: ReadonlyMap<string, number> = new Map<DType, number>([
  ['F64', 8],
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['I64', 8],
  ['I32', 4],
  ['I16', 2],
  ['I8', 1],
  ['U8', 1],
  ['BOOL', 1],
]);

/** Every dtype, widest floats first. */
export const DTYPES: readonly DType[] = [...widths.keys()] as DType[];

export function isDType(value: string): value is DType {
  return widths.has(value);
}

/** Bytes per element. */
export function byteWidth(dtype: DType): number {
  return widths.get(dtype)!;
}
