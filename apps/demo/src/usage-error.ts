/** What was asked for can't be done; the message is for the person who asked. */
export class UsageError extends Error {}

/** @throws UsageError unless it is digits only, and from `min` to `max`. */
export function wholeNumber(name: string, value: string | undefined, fallback: number, min: number, max: number): number {
  if (value === undefined) return fallback;
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${name} must be a whole number from ${min} to ${max}.`);
}
