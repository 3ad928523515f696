import { rm } from 'node:fs/promises';
import { Piscina } from 'piscina';
import type { VerifyTask } from './aggregate-worker.js';
import type { Aggregated, Aggregation, Aggregator, ModelFile, NotFinite } from './aggregator.js';

/** An aggregator with threads of its own. */
export function createAggregator(maxThreads: number): Aggregator {
  const pool = new Piscina<Aggregation | VerifyTask, Aggregated | NotFinite>({
    filename: new URL('./aggregate-worker.js', import.meta.url).href,
    minThreads: 0,
    maxThreads,
    idleTimeout: 30_000,
    // What it works with is in a few buffers; a larger young generation would only hold garbage for longer.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  return {
    async aggregate(aggregation, signal) {
      const aggregating = pool.run(aggregation, { name: 'aggregate', signal });
      // The hashes are checked meanwhile, by whichever thread is free; one that differs makes the whole attempt void.
      const verifying = inGroups(filesOf(aggregation)).map((files) => pool.run({ files }, { name: 'verify', signal }));
      try {
        const [written] = await Promise.all([aggregating, ...verifying]);
        if ('notFinite' in written) await removeOutputs(aggregation);
        return written;
      } catch (error) {
        // Nobody may be writing to it any more when it is removed.
        await Promise.allSettled([aggregating, ...verifying]);
        await removeOutputs(aggregation);
        throw error;
      }
    },
    close: () => pool.close(),
  };
}

async function removeOutputs({ output, state }: Aggregation): Promise<void> {
  for (const path of [output, ...(state ? [state.output] : [])]) await rm(path, { force: true });
}

/** Everything that is read: a model that decayed makes all that comes of it wrong. */
const filesOf = ({ updates, start, state }: Aggregation): ModelFile[] => [...updates, ...(start ? [start] : []), ...(state?.before ? [state.before] : [])];

/** Few enough to cost little for small models, enough to keep every thread busy to the end with large ones. */
const GROUPS = 4;

function inGroups(files: readonly ModelFile[]): VerifyTask['files'][] {
  const groups = Array.from({ length: Math.min(GROUPS, files.length) }, (): ModelFile[] => []);
  files.forEach((file, index) => groups[index % groups.length]!.push(file));
  return groups;
}
