import { JobKind, JobStatus, liveStatuses } from '@vergeai/domain';
import type { Transaction } from '@vergeai/db';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { lockExperiment } from '../../engine/lock-experiment.js';
import { goBackToState } from '../../engine/server-state.js';
import { presentModelDetails } from '../../models/present-model.js';
import { noModelOf } from '../../reading/no-model-of.js';
import { Refusal } from '../../refusal.js';
import { recordEvent } from '../../writing/record-event.js';
import { takeStep } from '../../writing/take-step.js';

export interface Rollback {
  readonly project_id: string;
  readonly experiment_id: string;
  /** 'start', 'best', or the id of a completed job. */
  readonly to: string;
  readonly reason?: string | undefined;
}

/**
 * Makes a model that the experiment had before its current one again. One that is current already stays so, and nothing is
 * written down of that. Throws a Refusal: `experiment_not_found`, `start_model_missing`, `job_not_found`, `job_not_complete`,
 * `best_model_missing`, `model_not_found`, `experiment_busy`.
 */
export async function rollBackExperiment(ctx: Context, call: Call, input: Rollback) {
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    // Whoever creates, starts or completes a job takes this row, too: none does until this is over.
    const experiment = await lockExperiment(step, input.project_id, input.experiment_id);
    if (!experiment.startModelId) throw new Refusal('start_model_missing');
    const { modelId, jobId, updates } = input.to === 'start' ? { modelId: experiment.startModelId, jobId: null, updates: 0 } : await madeBy(tx, experiment.id, input.to === 'best' ? bestOf(experiment) : input.to);
    const unfinished = await tx.job.findFirst({ where: { experimentId: experiment.id, status: { in: [JobStatus.INITIALIZED, ...liveStatuses] } }, select: { id: true } });
    if (unfinished) throw new Refusal('experiment_busy');
    const model = await tx.storedModel.findUnique({ where: { id: modelId }, include: { parent: { select: { sha256: true } } } });
    if (!model) throw new Refusal('model_not_found');
    if (modelId !== experiment.currentModelId) {
      const { count } = await tx.experiment.updateMany({ where: { id: experiment.id, currentModelId: experiment.currentModelId, isActive: false }, data: { currentModelId: modelId } });
      if (count !== 1) throw new Refusal('conflict');
      await goBackToState(tx, experiment.id, modelId);
      recordEvent(step, experiment.id, {
        type: 'current_model_changed',
        jobId,
        data: { sha256: model.sha256, size: Number(model.size), updates, by: 'rollback', ...(input.reason !== undefined && { reason: input.reason }) },
      });
    }
    return { current_model: presentModelDetails(model)! };
  });
}

function bestOf({ bestJobId }: { readonly bestJobId: string | null }): string {
  if (bestJobId === null) throw new Refusal('best_model_missing');
  return bestJobId;
}

async function madeBy(tx: Transaction, experimentId: string, jobId: string) {
  const job = await tx.job.findFirst({ where: { id: jobId, experimentId }, select: { kind: true, status: true, aggregateModelId: true, updatesReceived: true } });
  if (!job) throw new Refusal('job_not_found', 'There is no such job in this experiment.');
  if (job.kind === JobKind.EVALUATE || job.status !== JobStatus.COMPLETED) throw noModelOf(job.kind);
  if (!job.aggregateModelId) throw new Refusal('model_not_found');
  return { modelId: job.aggregateModelId, jobId, updates: job.updatesReceived };
}
