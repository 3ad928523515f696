import { isComplete, JobKind, type DurationCriterion } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { presentChoice } from '../../models/device-choice.js';
import { presentModelDetails } from '../../models/present-model.js';
import { presentStrategy } from '../../models/strategy.js';
import { readAggregation } from '../../reading/aggregation.js';
import { jobFacts } from '../../reading/job-facts.js';
import { jobSummary } from '../../reading/job-summary.js';
import { Refusal } from '../../refusal.js';

/** All there is to know of a job but its devices. Throws a Refusal `job_not_found`. */
export async function describeJob(ctx: Context, { project_id, job_id }: { project_id: string; job_id: string }) {
  const row = await ctx.db.prisma.job.findFirst({
    where: { id: job_id, projectId: project_id },
    include: { startModel: { include: { parent: true } }, aggregateModel: { include: { parent: true } } },
  });
  if (!row) throw new Refusal('job_not_found');
  const { value: facts } = await jobFacts(ctx, [row]).next();
  const { examples, metrics } = await jobSummary(ctx, row);
  return {
    ...facts![0]!,
    experiment_id: row.experimentId,
    min_devices: row.minDevices,
    device_selection_strategy: row.deviceSelectionStrategy,
    ...presentChoice(row),
    aggregation_strategy: row.kind === JobKind.EVALUATE ? null : presentStrategy(row),
    is_complete: isComplete(row),
    termination_criteria: JSON.parse(row.terminationCriteria) as DurationCriterion[],
    created_by: row.createdById,
    duration_sec: row.startedAt && ((row.endedAt ?? ctx.clock.now()).getTime() - row.startedAt.getTime()) / 1000,
    mean: Object.fromEntries(Object.entries(metrics).map(([name, { mean }]) => [name, mean])),
    num_examples: examples,
    start_model: presentModelDetails(row.startModel),
    aggregate_model: presentModelDetails(row.aggregateModel),
    aggregation: await readAggregation(ctx, row.id),
  };
}
