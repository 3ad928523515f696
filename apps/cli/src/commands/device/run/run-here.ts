import { createWorker, type JobInfo, type Outcome, type Train } from '@vergeai/worker';
import type { Context } from '../../../context/context.js';
import { queue } from '../../../live/queue.js';
import { troubleOf } from '../../../output/error-text.js';
import type { OwnDevice } from './own-device.js';

/** A job that is over for a device, and how. */
export interface EndedJob {
  readonly job_id: string;
  readonly experiment_id: string;
  readonly sequence: number;
  readonly outcome: Outcome;
}

/** Trains jobs in this process, and tells each when it is over. */
export async function* runHere(context: Context, device: OwnDevice, train: Train, { maxJobs }: { readonly maxJobs: number | undefined }): AsyncGenerator<EndedJob, void> {
  const ended = queue<EndedJob>();
  const worker = createWorker({
    client: device.client,
    projectId: device.project_id,
    train,
    onJob: ({ sequence, experimentId }) => context.note(`job ${sequence} of experiment ${experimentId.slice(0, 8)}: training`),
    onEnd: ({ id, experimentId, sequence }, outcome) => ended.push({ job_id: id, experiment_id: experimentId, sequence, outcome }),
    onError: (error: unknown, job?: JobInfo) => context.note(`${job ? `job ${job.sequence}: ` : ''}${troubleOf(error).detail}`),
    ...(context.globals.verbose && { log: (line: string) => context.note(line) }),
  });
  context.interruption.takeOver(() => {
    context.note('Ending after the job under way; once more ends at once.');
    void worker.stop();
  });
  context.signal.addEventListener('abort', () => void worker.stop({ abandon: true }));
  const running = worker.run({ maxJobs }).then(
    () => ended.end(context.signal.aborted ? (context.signal.reason as Error) : undefined),
    (error: Error) => ended.end(error),
  );
  try {
    yield* ended;
  } finally {
    await worker.stop({ abandon: true });
    await running;
    await device.release();
  }
}
