import type { Clock } from './clock.js';

/**
 * The time that leases, deadlines and retries are reckoned in. It goes on evenly from where it began, whatever the time
 * of day is set to, and on PostgreSQL it is the database's, so that all its servers have the same.
 */
export interface Timebase {
  now(): Date;
  /** Comes nearer to what is right, by so many milliseconds at most: nobody's time makes a leap. */
  approach(right: Date, byMs: number): void;
}

export function timebase({ monotonic }: Pick<Clock, 'monotonic'>, beginning: Date): Timebase {
  let origin = beginning.getTime() - monotonic();
  return {
    now: () => new Date(origin + monotonic()),
    approach(right, byMs) {
      const ahead = right.getTime() - (origin + monotonic());
      origin += Math.max(-byMs, Math.min(byMs, ahead));
    },
  };
}
