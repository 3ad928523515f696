import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90`, `90s`, `10m`, `2h` or `30d` in milliseconds. */
export function durationMs(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text) ?? [];
  const ms = count === undefined ? Number.NaN : Number(count) * UNIT_MS[unit!]!;
  if (!(ms > 0)) throw new InvalidArgumentError('Give a duration such as 90s, 10m, 2h or 30d.');
  return ms;
}

/** The same in whole seconds. */
export const durationSec = (text: string): number => Math.ceil(durationMs(text) / 1000);

/** A whole number, 1 or more. */
export function positiveInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('Give a whole number, 1 or more.');
  return number;
}

/** A whole number, 0 or more. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('Give a whole number, 0 or more.');
  return number;
}

/** For an option that may be given several times. */
export const collect = (text: string, earlier: readonly string[] = []): readonly string[] => [...earlier, text];
