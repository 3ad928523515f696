import type { Answer } from './answers.js';
import type { CallOptions } from './call-options.js';
import { deadline } from './deadline.js';
import { TimeoutError, VergeAIError } from './errors.js';
import { followJob, type JobLog } from './follow/follow-job.js';
import type { Follow } from './follow/follow.js';
import type { Experiments, Jobs } from './generated/resources.js';
import type { Job, JobGetInput, JobListEntry } from './generated/types.js';
import { pause } from './pause.js';
import { usableTimeout } from './settings.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const LAST_WORD_MS = 3_000;
const AN_HOUR_MS = 3_600_000;
/** Of the jobs that stand as this one does, so many of the newest are looked through. */
const LONGEST_LIST = 200;

/** How to wait. */
export interface WaitOptions {
  /** How long to wait in all, in milliseconds. Default: an hour. */
  readonly timeoutMs?: number | undefined;
  /** Called with the job at first, and whenever its status or its number of updates has changed. */
  readonly onProgress?: ((job: Job) => void) | undefined;
  /** Ends the waiting, not the job. */
  readonly signal?: AbortSignal | undefined;
}

/** Waits for a job to end. */
export type WaitForCompletion = (input: JobGetInput, options?: WaitOptions) => Promise<JobAnswer>;

type JobAnswer = Answer<200, Job>;

/** The job ended without a model; the experiment's model stays where it was. */
export class JobEnded extends VergeAIError {
  override name = 'JobEnded';
  /** As it was then. */
  readonly job: Job;
  /** Why, as the server keeps it; null when it could not be read. */
  readonly reason: string | null;

  constructor(job: Job, reason: string | null) {
    super(`Job ${job.ID} is ${job.status}${reason ? `: ${reason}` : ''}.`);
    this.job = job;
    this.reason = reason;
  }
}

/** The job failed. */
export class JobFailed extends JobEnded {
  override name = 'JobFailed';
}

/** The job was cancelled. */
export class JobCancelled extends JobEnded {
  override name = 'JobCancelled';
}

export const waitForCompletion =
  (jobs: Jobs, experiments: Experiments, follow: Follow): WaitForCompletion =>
  async (input, { timeoutMs = AN_HOUR_MS, onProgress, signal } = {}) => {
    let seen: Job | undefined;
    const message = () => `Job ${input.job_id} is ${seen ? `still ${seen.status}` : 'not known yet'} after ${timeoutMs} ms.`;
    const limit = deadline(usableTimeout(timeoutMs), message, signal);
    const call = { signal: limit.signal };

    /** The job as it is now; undefined while it goes on. @throws JobFailed, JobCancelled */
    async function look(): Promise<JobAnswer | undefined> {
      const answer = await jobs.get(input, call);
      const job = answer.body;
      if (!seen || progressOf(job) !== progressOf(seen)) onProgress?.(job);
      seen = job;
      const Kind = job.status === 'FAILED' ? JobFailed : job.status === 'CANCELLED' ? JobCancelled : undefined;
      if (Kind) throw new Kind(job, (await listed(jobs, job, LONGEST_LIST, call)).reason ?? null);
      return job.status === 'COMPLETED' ? answer : undefined;
    }

    let log: JobLog | undefined;
    try {
      for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
        const ended = await look();
        if (ended) return ended;
        log ??= followJob(seen!, { experiments, follow, call, everyMove: onProgress !== undefined });
        // Where the log can't be read, by asking now and then.
        if (!(await log.moved())) await pause(wait * (0.75 + Math.random() / 2), limit.signal);
      }
    } catch (error) {
      if (!(error instanceof TimeoutError) || error !== limit.signal.reason || !seen) throw error;
      // Worth a moment beyond the time that was given.
      const { waiting_for: waiting } = await listed(jobs, seen, 1, { timeoutMs: LAST_WORD_MS, signal });
      throw waiting ? new TimeoutError(`${message().slice(0, -1)}: ${waiting}.`, { cause: error }) : error;
    } finally {
      limit.end();
    }
  };

const progressOf = (job: Job): string => `${job.status} ${Object.keys(job.models).length}`;

/** The documented Job does not say why, and for whom it waits; the list of jobs does. Worth a second try, and no more. */
async function listed(jobs: Jobs, { ID, status, project_id, experiment_id }: Job, limit: number, options: CallOptions): Promise<Partial<JobListEntry>> {
  try {
    const { body } = await jobs.list({ project_id, experiment_id, status, limit }, { ...options, maxRetries: 1 });
    return body.data.find(({ job_id }) => job_id === ID) ?? {};
  } catch {
    return {};
  }
}
