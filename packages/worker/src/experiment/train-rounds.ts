import type { VergeAI } from '@vergeai/sdk';
import { finite } from '../metrics.js';
import type { Train } from '../options.js';
import { createWorker } from '../worker.js';
import type { ResumeOptions } from './options.js';

interface Rounds extends Pick<ResumeOptions, 'train' | 'onProgress' | 'signal'> {
  readonly client: VergeAI;
  readonly ids: { readonly project_id: string; readonly experiment_id: string };
  /** A job for each round, in their order. */
  readonly jobs: readonly string[];
  /** The client of the device that trains them. */
  readonly device: VergeAI;
}

type Metrics = Record<string, number>;

/**
 * Trains the jobs here, and gives what was reported in each.
 * @throws what ended it early, and cancels what is left
 */
export async function trainRounds({ client, ids, jobs, device, onProgress, signal, ...options }: Rounds): Promise<Metrics[]> {
  const metrics = jobs.map((): Metrics => ({}));
  const over = new AbortController();
  let completed = 0;
  const tell = (round: number, done: boolean) => onProgress?.({ round, rounds: jobs.length, metrics: { ...metrics[round - 1] }, done });
  const complete = (rounds: number) => {
    while (completed < rounds) tell(++completed, true);
  };

  const train: Train = async (training) => {
    const index = jobs.indexOf(training.job.id);
    // A device may be drawn for any job of its project.
    if (index < 0) throw new Error('This device trains another experiment.');
    const note = (values: Readonly<Metrics> = {}) => void Object.assign(metrics[index]!, finite(values));
    // The round before may have ended before anybody heard of it.
    complete(index);
    tell(index + 1, false);
    const result = await options.train({
      ...training,
      report(values, step) {
        note(values);
        training.report(values, step);
        tell(index + 1, false);
      },
    });
    note(result.metrics);
    return result;
  };

  const worker = createWorker({ client: device, projectId: ids.project_id, train, onError: (error, job) => job && jobs.includes(job.id) && over.abort(error) });
  const running = worker.run().catch((error: unknown) => over.abort(error));
  try {
    for await (const event of client.Experiment.follow(ids, { until: 'idle', signal: AbortSignal.any([over.signal, ...(signal ? [signal] : [])]) })) {
      const index = jobs.indexOf(event.job_id ?? '');
      // Of rounds before these.
      if (index < 0) continue;
      if (event.type === 'job_completed') complete(index + 1);
      // Waiting for one that has ended otherwise says so, and why.
      if (event.type === 'job_failed' || event.type === 'job_cancelled') await client.Job.wait_for_completion({ project_id: ids.project_id, job_id: event.job_id });
    }
    return metrics;
  } catch (error) {
    // Those that have ended say so, which is as good.
    await Promise.allSettled(jobs.map((job_id) => client.Job.cancel({ project_id: ids.project_id, job_id })));
    throw error;
  } finally {
    await worker.stop({ abandon: true });
    await running;
  }
}
