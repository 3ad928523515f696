import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import { takeStep } from '../writing/take-step.js';
import type { Step } from '../writing/step.js';
import { lockExperiment } from './lock-experiment.js';

/** Enough to share their waits for the disk, few enough to leave connections to requests. */
const AT_ONCE = 8;

interface ExperimentPlace {
  readonly projectId: string;
  readonly experimentId: string;
}

/**
 * Takes a step of the server's own at each of these places, the experiment's row held. One that goes wrong does not keep
 * the others from theirs: the first error is thrown at the end. Where the experiment was deleted meanwhile there is
 * nothing to do.
 */
export async function stepThrough<Place extends ExperimentPlace>(ctx: Context, places: readonly Place[], work: (step: Step, place: Place) => Promise<unknown>): Promise<void> {
  const errors: unknown[] = [];
  // One iterator for all of them: each takes the next place that nobody has taken.
  const left = places.values();
  const walk = async () => {
    for (const place of left) {
      await takeStep(ctx, undefined, async (step) => {
        await lockExperiment(step, place.projectId, place.experimentId);
        await work(step, place);
      }).catch((error: unknown) => {
        if (!(error instanceof Refusal && error.code === 'experiment_not_found')) errors.push(error);
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, places.length) }, walk));
  if (errors.length > 0) throw errors[0];
}
