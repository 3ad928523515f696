import { setTimeout as pause } from 'node:timers/promises';

const BEAT_MS = 100;

/**
 * Begins to measure how many seconds in all the machine takes for itself: by how much `beat`, something small that
 * needs the database, comes late at short intervals. What is late because nobody was told is not among it.
 */
export function measureDelays(beat: () => Promise<unknown>): { stop(): Promise<number> } {
  let late = 0;
  let stopped = false;
  const beating = (async () => {
    while (!stopped) {
      const before = performance.now();
      await pause(BEAT_MS);
      await beat();
      late += performance.now() - before - BEAT_MS;
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await beating;
      return late / 1000;
    },
  };
}
