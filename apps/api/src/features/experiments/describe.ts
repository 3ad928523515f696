import { JsonText } from '@vergeai/contract';
import type { Goal } from '@vergeai/domain';
import type { Context } from '../../context.js';
import type { PageRequest } from '../../reading/page.js';
import { timestamp, timestampOrNull } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';
import { presentModelDetails } from '../../models/present-model.js';
import { presentStrategy } from '../../models/strategy.js';
import { bestModel } from '../../reading/best-model.js';
import { describeJobs } from '../../reading/describe-jobs.js';
import { describeSeries } from '../../reading/describe-series.js';

/** All there is to know of an experiment; its jobs come a page at a time. */
export async function describeExperiment(ctx: Context, input: { project_id: string; experiment_id: string }, query: PageRequest) {
  const row = await ctx.db.prisma.experiment.findFirst({
    where: { id: input.experiment_id, projectId: input.project_id },
    include: {
      startModel: { include: { parent: true } },
      currentModel: { include: { parent: true } },
      serverState: true,
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
    paused_at: timestampOrNull(row.pausedAt),
    start_model: presentModelDetails(row.startModel),
    current_model: presentModelDetails(row.currentModel),
    keep_best: row.keepBest === null ? null : (JSON.parse(row.keepBest) as Goal),
    best_model: await bestModel(ctx, row),
    series: await describeSeries(ctx, row.id),
    aggregation_strategy: presentStrategy(row),
    server_state: row.serverState && {
      t: row.serverState.rounds,
      size: Number(row.serverState.size),
      sha256: row.serverState.sha256,
      clipping_norm: row.serverState.clippingNorm,
    },
    privacy: privacyOf(row),
    created_at: timestamp(row.createdAt),
    updated_at: timestamp(row.updatedAt),
    jobs: await describeJobs(ctx, row.id, query),
  };
}

const DELTA = 1e-5;

/**
 * By zero-concentrated differential privacy: rounds add up, and ρ = Σ 1/(2z²) gives ε = ρ + 2√(ρ·ln(1/δ)). Source: Bun and
 * Steinke, 2016, arXiv:1605.02065, propositions 1.6 and 1.3. That devices are drawn by chance is not counted in their favour.
 */
function privacyOf({ privacySpent: rho, noisyRounds }: { readonly privacySpent: number; readonly noisyRounds: number }) {
  return noisyRounds === 0 ? null : { epsilon: rho + 2 * Math.sqrt(rho * Math.log(1 / DELTA)), delta: DELTA, rounds: noisyRounds };
}
