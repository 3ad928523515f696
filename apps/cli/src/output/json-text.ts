import { randomUUID } from 'node:crypto';

/** A value as JSON. Integers that came with more digits than a number can hold, as bigints, keep all of them. */
export function jsonText(value: unknown, indent?: number): string {
  const big: bigint[] = [];
  // Nobody else can have written it.
  const mark = randomUUID();
  const keep = (_: string, member: unknown) => (typeof member === 'bigint' ? `${mark}${big.push(member) - 1}` : member);
  const text = JSON.stringify(value, keep, indent);
  return big.length === 0 ? text : text.replace(new RegExp(`"${mark}(\\d+)"`, 'g'), (_, at: string) => String(big[Number(at)]));
}
