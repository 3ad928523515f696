import { rm } from 'node:fs/promises';
import type { ModelLayout } from '@vergeai/domain';
import { Piscina } from 'piscina';
import type { AggregateTask, HashTask } from './aggregate-worker.js';
import type { Written } from './block-file.js';

export interface UpdateFile {
  readonly path: string;
  readonly sha256: string;
  readonly numExamples: number | null;
}

/** Makes one model of many, away from the main thread and tensor by tensor from disk. */
export interface Aggregator {
  /**
   * Writes the weighted mean of the updates, in the order given, to `output`, in the format of `layout`. Memory does not
   * depend on how many or how large they are. Throws when a file is not the one that was submitted; `output` is gone then.
   */
  aggregate(updates: readonly UpdateFile[], layout: ModelLayout, output: string, signal: AbortSignal): Promise<Written>;
  close(): Promise<void>;
}

export function createAggregator(maxThreads: number): Aggregator {
  const pool = new Piscina<AggregateTask | HashTask, Written>({
    filename: new URL('./aggregate-worker.js', import.meta.url).href,
    minThreads: 0,
    maxThreads,
    idleTimeout: 30_000,
    // What it works with is in a few buffers; a larger young generation would only hold garbage for longer.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  return {
    async aggregate(updates, layout, output, signal) {
      const aggregating = pool.run({ layout, output, updates: [...updates] }, { name: 'aggregate', signal });
      // The hashes are checked meanwhile, by whichever thread is free; one that differs makes the whole attempt void.
      const verifying = inGroups(updates).map((files) => pool.run({ files }, { name: 'verify', signal }));
      try {
        const [written] = await Promise.all([aggregating, ...verifying]);
        return written;
      } catch (error) {
        // Nobody may be writing to it any more when it is removed.
        await Promise.allSettled([aggregating, ...verifying]);
        await rm(output, { force: true });
        throw error;
      }
    },
    close: () => pool.close(),
  };
}

/** Few enough to cost little for small models, enough to keep every thread busy to the end with large ones. */
const GROUPS = 4;

function inGroups(updates: readonly UpdateFile[]): HashTask['files'][] {
  const groups = Array.from({ length: Math.min(GROUPS, updates.length) }, (): UpdateFile[] => []);
  updates.forEach((update, index) => groups[index % groups.length]!.push(update));
  return groups;
}
