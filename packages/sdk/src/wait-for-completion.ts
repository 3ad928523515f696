import type { Contract, Job } from '@vergeai/contract';
import { deadline } from './deadline.js';
import { TimeoutError, VergeAIError } from './errors.js';
import type { Input, Resource } from './method-types.js';
import { pause } from './pause.js';
import { usableTimeout } from './settings.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const LAST_WORD_MS = 2_000;
const AN_HOUR_MS = 3_600_000;

export interface WaitOptions {
  /** How long to wait in all, in milliseconds. Default: an hour. */
  readonly timeoutMs?: number | undefined;
  /** Called with the job at first, and whenever its status or its number of updates has changed. */
  readonly onProgress?: ((job: Job) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

type JobMethods = Resource<Contract['job']>;
type JobAnswer = Awaited<ReturnType<JobMethods['get']>>;

export type WaitForCompletion = (input: Input<Contract['job']['get']>, options?: WaitOptions) => Promise<JobAnswer>;

/** The job ended without a model; the experiment's model stays where it was. */
export class JobEnded extends VergeAIError {
  override name = 'JobEnded';
  readonly job: Job;
  /** Why, as the server keeps it; null when it could not be read. */
  readonly reason: string | null;

  constructor(job: Job, reason: string | null) {
    super(`Job ${job.ID} is ${job.status}${reason ? `: ${reason}` : ''}.`);
    this.job = job;
    this.reason = reason;
  }
}

export class JobFailed extends JobEnded {
  override name = 'JobFailed';
}

export class JobCancelled extends JobEnded {
  override name = 'JobCancelled';
}

export const waitForCompletion =
  (jobs: JobMethods): WaitForCompletion =>
  async (input, { timeoutMs = AN_HOUR_MS, onProgress, signal } = {}) => {
    let seen: Job | undefined;
    const message = () => `Job ${input.job_id} is ${seen ? `still ${seen.status}` : 'not known yet'} after ${timeoutMs} ms.`;
    const limit = deadline(usableTimeout(timeoutMs), message, signal);
    try {
      for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
        const answer = await jobs.get(input, { signal: limit.signal });
        const job = answer.body;
        if (!seen || progressOf(job) !== progressOf(seen)) onProgress?.(job);
        seen = job;
        if (job.status === 'COMPLETED') return answer;
        if (job.status === 'FAILED') throw new JobFailed(job, await endReason(jobs, job, limit.signal));
        if (job.status === 'CANCELLED') throw new JobCancelled(job, await endReason(jobs, job, limit.signal));
        await pause(wait * (0.75 + Math.random() / 2), limit.signal);
      }
    } catch (error) {
      if (!(error instanceof TimeoutError) || error !== limit.signal.reason || !seen) throw error;
      const waiting = await waitingFor(jobs, seen, signal);
      throw waiting ? new TimeoutError(`${message().slice(0, -1)}: ${waiting}.`, { cause: error }) : error;
    } finally {
      limit.clear();
    }
  };

/** Which devices the job waits for, as a sentence. Worth a moment beyond the time that was given, and no more. */
async function waitingFor(jobs: JobMethods, { ID, status, project_id, experiment_id }: Job, signal?: AbortSignal): Promise<string | null> {
  try {
    const { body } = await jobs.list({ project_id, experiment_id, status, limit: 1 }, { timeoutMs: LAST_WORD_MS, signal, maxRetries: 0 });
    return body.data.find((entry) => entry.job_id === ID)?.waiting_for ?? null;
  } catch {
    return null;
  }
}

const progressOf = (job: Job): string => `${job.status} ${Object.keys(job.models).length}`;

/** The documented Job has no reason; the list of jobs does. Worth one try, and no more. */
async function endReason(jobs: JobMethods, { ID, status, project_id, experiment_id }: Job, signal: AbortSignal): Promise<string | null> {
  try {
    const { body } = await jobs.list({ project_id, experiment_id, status, limit: 200 }, { signal, maxRetries: 0 });
    return body.data.find((entry) => entry.job_id === ID)?.reason ?? null;
  } catch {
    return null;
  }
}
