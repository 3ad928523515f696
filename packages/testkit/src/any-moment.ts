import { setTimeout as pause } from 'node:timers/promises';

/**
 * Resolves at any moment within so many milliseconds: for what comes from outside and keeps no time, a kill, a crowd, a
 * slow disk. Not to see that nothing happens: for that, wait for what shows that it had its chance.
 *
 * @param random uniform in [0, 1), with a seed
 */
export const anyMoment = (random: () => number, withinMs: number): Promise<void> => pause(random() * withinMs);
