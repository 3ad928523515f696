import { byteWidth } from '../../numbers/dtype.js';
import { checkLayout } from '../../layout/check-layout.js';
import { elementCount, type TensorSpec } from '../../layout/model-layout.js';
import { LENGTH_BYTES } from './header-length.js';

/**
 * The first bytes of a safetensors file whose data follows in the order of `tensors`: length and
 * header, padded with spaces so that the data starts at a multiple of eight bytes.
 * @throws InvalidModel for a name no model may use, and without tensors unless there is metadata.
 */
export function encodeSafetensorsHeader(
  tensors: readonly TensorSpec[],
  metadata?: ReadonlyMap<string, string>,
): Uint8Array {
  if (tensors.length > 0 || !metadata) checkLayout(tensors);
  // Written member by member: names never become keys of an object.
  const members = metadata ? [`"__metadata__":${objectText([...metadata].map(([k, v]) => member(k, v)))}`] : [];
  let position = 0;
  for (const { name, dtype, shape } of tensors) {
    const end = position + elementCount(shape) * byteWidth(dtype);
    members.push(member(name, { dtype, shape, data_offsets: [position, end] }));
    position = end;
  }
  const text = new TextEncoder().encode(objectText(members));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(text, LENGTH_BYTES);
  return bytes;
}

function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function objectText(members: readonly string[]): string {
  return `{${members.join(',')}}`;
}
