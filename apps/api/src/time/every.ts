import { setTimeout as pause } from 'node:timers/promises';

/**
 * Runs `work` again and again with `ms` in between, never twice at once. An error goes to `onError` and does not end
 * it. Returns how to stop, which waits for work under way.
 */
export function every(ms: number, work: () => Promise<void>, onError: (error: unknown) => void): () => Promise<void> {
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await pause(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (!stopping.signal.aborted) await work().catch(onError);
    }
  })();
  return async () => {
    stopping.abort();
    await loop;
  };
}
