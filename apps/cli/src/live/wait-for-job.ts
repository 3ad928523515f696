import { TimeoutError, type Job } from '@vergeai/sdk';
import type { Context } from '../context/context.js';
import { duration } from '../output/cells.js';
import { shortText } from '../output/cell-text.js';
import { WaitedLongEnough } from '../program/exit-codes.js';
import { liveLine } from './live-line.js';
import { statusWord } from './words.js';

/** A timer of Node's is no longer. */
const FOREVER_MS = 2 ** 31 - 1;

/** Waits until a job is COMPLETED, as long as `--timeout` allows. @throws JobFailed, JobCancelled, WaitedLongEnough */
export async function waitForJob(context: Context, ids: { readonly project_id: string; readonly job_id: string }, called: string): Promise<Job> {
  const { timeout = FOREVER_MS } = context.globals;
  const line = await liveLine(context);
  const startedAt = performance.now();
  let job: Job | undefined;
  const show = () => {
    if (!job) return;
    const updates = `${Object.keys(job.models).length}/${job.configuration.num_devices} updates`;
    const clock = context.terminal.live ? `  ${shortText(duration((performance.now() - startedAt) / 1000))}` : '';
    line.show(`${called}  ${statusWord(job.status)}  ${updates}${clock}`);
  };
  const clock = setInterval(show, 1000);
  try {
    const onProgress = (now: Job) => {
      job = now;
      show();
    };
    // How long a request may take is another matter.
    const { client } = context.with({ timeout: undefined });
    return (await client.Job.wait_for_completion(ids, { timeoutMs: Math.min(timeout, FOREVER_MS), onProgress, signal: context.signal })).body;
  } catch (error) {
    if (error instanceof TimeoutError && performance.now() - startedAt >= timeout) throw new WaitedLongEnough(`${error.message} It goes on.`);
    throw error;
  } finally {
    clearInterval(clock);
    line.end();
  }
}
