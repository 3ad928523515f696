import type { Clock } from './clock.js';

/**
 * Runs `work` again and again with `ms` in between, never twice at once. An error goes to `onError` and does not end
 * it. Returns how to stop, which waits for work under way.
 */
export function every(clock: Clock, ms: number, work: () => Promise<void>, onError: (error: unknown) => void): () => Promise<void> {
  let stopped = false;
  let working = Promise.resolve();
  const round = async () => {
    await work().catch(onError);
    if (!stopped) callOff = clock.after(ms, next);
  };
  const next = () => (working = round());
  let callOff = clock.after(ms, next);
  return async () => {
    stopped = true;
    callOff();
    await working;
  };
}
