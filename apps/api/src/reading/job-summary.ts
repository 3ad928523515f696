import { ReportSummaries, type ReportSummary } from '@vergeai/domain';
import type { Context } from '../context.js';
import { jobUpdates } from './job-updates.js';
import { nextTurn } from './next-turn.js';

/** What the devices of a job reported: as it was kept when the job completed, else of the updates that there are. */
export async function jobSummary(ctx: Context, job: { readonly id: string; readonly summary: string | null; readonly updatesReceived: number }): Promise<ReportSummary> {
  if (job.summary !== null) return JSON.parse(job.summary) as ReportSummary;
  const summaries = new ReportSummaries();
  if (job.updatesReceived === 0) return summaries.summary();
  for await (const batch of jobUpdates(ctx, job.id)) {
    for (const update of batch) summaries.add(update);
    await nextTurn();
  }
  return summaries.summary();
}
