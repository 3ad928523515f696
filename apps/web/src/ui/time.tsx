import { useNow } from './now.js';

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** A moment as people say it ("3 minutes ago"), exactly in its title; it goes on by itself. */
export function Time({ at }: { at: string }) {
  const now = useNow(15_000);
  return (
    <time dateTime={at} title={exact.format(new Date(at))}>
      {ago(Date.parse(at), now)}
    </time>
  );
}

/** Both in milliseconds since 1970. */
export function ago(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(Math.trunc(seconds / size), unit);
}

/** "1 h 05 min", "16 s", "0.4 s" */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 172_800) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** The time of day: "12:03:10" */
export const clockTime = (at: number): string => new Date(at).toLocaleTimeString('en-GB');
