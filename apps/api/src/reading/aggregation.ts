import { build, query } from '@vergeai/db';
import type { Context } from '../context.js';
import { refusalForShortage, refusals } from '../refusal.js';

const lastTask = query((of: { jobId: string }) =>
  build
    .selectFrom('Task')
    .select(['attempts', 'lastError'])
    .where('kind', '=', 'aggregate')
    .where('dedupeKey', '=', of.jobId)
    .orderBy('createdAt', 'desc')
    .limit(1));

/** How the aggregation of a job goes, or went; null where there is none, or none that is remembered. */
export async function readAggregation(ctx: Context, jobId: string): Promise<{ attempts: number; last_error: string | null } | null> {
  const task = await ctx.db.hot.get(lastTask, { jobId });
  return task ? { attempts: task.attempts, last_error: task.lastError === null ? null : sentenceFor(task.lastError) } : null;
}

/** An error's own text is for the log: it may tell of files of this machine. */
function sentenceFor(error: string): string {
  if (error.startsWith('the server that ran it ended')) return 'The server that ran it ended.';
  const shortage = refusalForShortage(new Error(error.replace(/^\w*Error: /, '')));
  return shortage ? refusals[shortage][1] : "It failed; the server's log tells why.";
}
