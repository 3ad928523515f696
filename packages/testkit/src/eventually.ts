import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `probe` again and again until it gives something other than undefined or false; fails after `withinMs`, which by
 * default is patient enough for a machine that is slow and busy.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 25_000,
): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > giveUpAt) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(5);
  }
}
