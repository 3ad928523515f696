import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { downloadLink } from '../../models/download-link.js';
import { getJobRow } from '../../reading/job-row.js';
import { Refusal } from '../../refusal.js';

/** A signed link to the model a job starts from. Throws a Refusal `job_not_found` or, while it waits for its turn, `job_not_started`. */
export async function jobStartModelLink(ctx: Context, call: Call, { project_id, job_id }: { project_id: string; job_id: string }) {
  const { startModel } = await getJobRow(ctx.db.prisma, project_id, job_id);
  if (!startModel) throw new Refusal('job_not_started', 'The job has not started, so its start model is not settled yet.');
  return downloadLink(ctx, call, startModel);
}
