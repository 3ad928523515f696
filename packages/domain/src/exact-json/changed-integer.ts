/** Whether the text of a number is that of an integer which JavaScript's numbers can't hold. */
export function isChangedInteger(raw: string): boolean {
  if (raw.length < 16 || !/^-?\d+$/.test(raw)) return false;
  const number = Number(raw);
  return !Number.isFinite(number) || BigInt(number) !== BigInt(raw);
}
