import type { Cell } from './result.js';

const SHORT_ID = 8;

/** An id: its beginning for people, which is enough to name it. */
export const id = (value: string | null | undefined): Cell => (value ? { short: value.slice(0, SHORT_ID), exact: value, whole: value } : '');

/** A hash, likewise. */
export const hash = id;

const STEPS: readonly (readonly [name: string, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** A time of RFC 3339: for people how long ago, or in how long. */
export function time(value: string | null | undefined, now = Date.now()): Cell {
  if (!value) return '';
  const away = (Date.parse(value) - now) / 1000;
  const words = inWords(Math.abs(away));
  const short = away <= 0 ? `${words} ago` : `in ${words}`;
  return { short, exact: value, whole: `${short} (${value})` };
}

/** `3 minutes` */
function inWords(seconds: number): string {
  const [name, size] = STEPS.find(([, least]) => seconds >= least) ?? STEPS.at(-1)!;
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** Seconds as a clock shows them, `1:02:07`; for programs as they are. */
export function duration(seconds: number | null | undefined): Cell {
  if (seconds === null || seconds === undefined) return '';
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return { short: hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`, exact: String(seconds) };
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `1.4 MiB`; for programs the number of bytes. */
export function bytes(value: number | null | undefined): Cell {
  if (value === null || value === undefined) return '';
  let size = value;
  let unit = 0;
  for (; size >= 1024 && unit < BYTE_UNITS.length - 1; unit++) size /= 1024;
  return { short: `${unit === 0 ? size : size.toPrecision(size < 1000 ? 3 : 4)} ${BYTE_UNITS[unit]}`, exact: String(value) };
}

/** `1,234,567`; for programs without the commas. */
export const count = (value: number | null | undefined): Cell => (value === null || value === undefined ? '' : { short: value.toLocaleString('en-US'), exact: String(value) });

/** A measured number: for people five digits of it. */
export const measured = (value: number | null | undefined): Cell => (value === null || value === undefined ? '' : { short: String(Number(value.toPrecision(5))), exact: String(value) });

/** Numbers by name: `loss 0.14, accuracy 0.97` */
export const metrics = (values: Readonly<Record<string, number>>): Cell => {
  const names = Object.entries(values);
  return { short: names.map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`).join(', '), exact: names.map(([name, value]) => `${name}=${value}`).join(',') };
};
