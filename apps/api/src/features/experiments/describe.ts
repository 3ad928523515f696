import { JsonText } from '@vergeai/contract';
import type { Context } from '../../context.js';
import type { PageRequest } from '../../reading/page.js';
import { timestamp, timestampOrNull } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';
import { presentModelDetails } from '../../models/present-model.js';
import { describeJobs } from '../../reading/describe-jobs.js';

/** All there is to know of an experiment; its jobs come a page at a time. */
export async function describeExperiment(ctx: Context, input: { project_id: string; experiment_id: string }, query: PageRequest) {
  const row = await ctx.db.prisma.experiment.findFirst({
    where: { id: input.experiment_id, projectId: input.project_id },
    include: {
      startModel: { include: { parent: true } },
      currentModel: { include: { parent: true } },
      tags: { select: { tag: true } },
      _count: { select: { jobs: true } },
    },
  });
  if (!row) throw new Refusal('experiment_not_found');
  return {
    experiment_id: row.id,
    project_id: row.projectId,
    name: row.name,
    description: row.description,
    hyperparameters: new JsonText(row.hyperparameters),
    status: row.isActive ? ('active' as const) : ('idle' as const),
    current_job: row.currentJobId ?? 'NONE',
    num_jobs: row._count.jobs,
    forked_from: row.forkedFromId,
    tags: row.tags.map(({ tag }) => tag).sort(),
    archived_at: timestampOrNull(row.archivedAt),
    start_model: presentModelDetails(row.startModel),
    current_model: presentModelDetails(row.currentModel),
    created_at: timestamp(row.createdAt),
    updated_at: timestamp(row.updatedAt),
    jobs: await describeJobs(ctx, row.id, query),
  };
}
