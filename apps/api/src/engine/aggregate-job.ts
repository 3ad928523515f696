import { billableSize, JobStatus, summarise, type FormatName } from '@vergeai/domain';
import type { Context } from '../context.js';
import { recordEvent } from '../writing/record-event.js';
import { Refusal } from '../refusal.js';
import type { StagedBlob } from '../storage/blob-store.js';
import { isPassing } from '../writing/is-passing.js';
import { takeStep } from '../writing/take-step.js';
import type { Task } from '../tasks/task-queue.js';
import { keepModel } from '../models/keep-model.js';
import { formatOfRow } from '../models/model-format.js';
import { rowOfBytes } from '../models/model-row.js';
import { countInStep } from '../models/project-storage.js';
import { endJob } from './end-job.js';
import { keepMetrics } from './keep-metrics.js';
import { lockExperiment } from './lock-experiment.js';
import { startNextJob } from './start-next-job.js';
import { transition } from './transition.js';

/**
 * Makes the aggregate of a job's frozen set of updates and hands it to the next job. It may run twice, or on two
 * servers at once: each attempt writes bytes of its own, and only the holder of the task's lease, on a job that is
 * still being aggregated, gets to register them. After five attempts that failed the job fails, and after twelve that have
 * taken their process down with them; at once when the project may not keep what comes of it.
 */
export async function aggregateJob(ctx: Context, task: Task<'aggregate'>, signal: AbortSignal): Promise<void> {
  const job = await ctx.db.prisma.job.findUnique({
    where: { id: task.payload.jobId },
    include: { startModel: true, updates: { include: { model: true }, orderBy: { deviceId: 'asc' } } },
  });
  if (job?.status !== JobStatus.AGGREGATION_IN_PROGRESS) return takeStep(ctx, undefined, ({ tx }) => task.finish(tx));
  if (task.deaths >= task.maxDeaths) return giveUp(ctx, task, job, `the server ended ${task.deaths} times while it aggregated`);
  try {
    const { format, staged } = await writeAggregate(ctx, job, signal);
    try {
      await complete(ctx, task, job, format, staged);
    } finally {
      await staged.discard();
    }
  } catch (error) {
    // Cancelled meanwhile: nothing of this attempt was kept, and nobody wants another.
    if (error instanceof Refusal && error.code === 'job_closed') return takeStep(ctx, undefined, ({ tx }) => task.finish(tx));
    if (error instanceof Refusal && error.code === 'project_storage_full') return giveUp(ctx, task, job, `no room for the aggregate: ${error.message}`);
    if (task.failures + 1 < task.maxAttempts || signal.aborted || isPassing(ctx, error)) throw error;
    await giveUp(ctx, task, job, `aggregation failed ${task.maxAttempts} times`);
    throw error;
  }
}

async function giveUp(ctx: Context, task: Task<'aggregate'>, job: JobToAggregate, reason: string): Promise<void> {
  await takeStep(ctx, undefined, async (step) => {
    await task.finish(step.tx);
    await lockExperiment(step, job.projectId, job.experimentId);
    await endJob(step, job.id, JobStatus.FAILED, reason);
  });
}

interface JobToAggregate {
  readonly id: string;
  readonly projectId: string;
  readonly experimentId: string;
  readonly startModelId: string | null;
  readonly startModel: { readonly size: bigint } | null;
  readonly updates: ReadonlyArray<{
    readonly numExamples: number | null;
    readonly metrics: string;
    readonly model: { readonly blobKey: string; readonly sha256: string; readonly size: bigint };
  }>;
}

async function writeAggregate(ctx: Context, job: JobToAggregate, signal: AbortSignal): Promise<{ format: FormatName; staged: StagedBlob }> {
  const { layout, model: startModel } = await ctx.db.prisma.modelLayout.findFirstOrThrow({
    where: { model: { experimentId: job.experimentId, kind: 'START' } },
    include: { model: { select: { format: true } } },
  });
  const updates = await Promise.all(
    job.updates.map(async ({ numExamples, model }) => ({ path: await ctx.storage.localPath(model.blobKey), sha256: model.sha256, numExamples })),
  );
  const output = ctx.storage.draftPath();
  const written = await ctx.aggregator.aggregate({ strategy: 'FedAvg', layout, updates, output }, signal);
  return { format: formatOfRow(startModel).name, staged: ctx.storage.adopt(output, written) };
}

/** Registers the aggregate, moves the experiment's model on and starts the next job: one transaction. */
async function complete(ctx: Context, task: Task<'aggregate'>, job: JobToAggregate, format: FormatName, staged: StagedBlob): Promise<void> {
  const summary = summarise(job.updates.map(({ numExamples, metrics }) => ({ numExamples, metrics: JSON.parse(metrics) as Record<string, number> })));
  await keepModel(ctx, staged, job.projectId, ({ id, blobKey }) =>
    takeStep(ctx, undefined, async (step) => {
      const { tx } = step;
      await lockExperiment(step, job.projectId, job.experimentId);
      await task.finish(tx);
      const now = ctx.clock.now();
      await tx.storedModel.create({
        data: {
          id,
          kind: 'AGGREGATE',
          projectId: job.projectId,
          experimentId: job.experimentId,
          jobId: job.id,
          ...rowOfBytes(staged, format),
          blobKey,
          parentId: job.startModelId,
          createdAt: now,
        },
        select: { id: true },
      });
      const completed = await transition(step, job, JobStatus.COMPLETED, {
        aggregateModelId: id,
        endedAt: now,
        billableSize: billableSize(job, { size: BigInt(staged.size) }),
        summary: JSON.stringify(summary),
      });
      // The late aggregate of a job that ended meanwhile must not turn it round, so everything here is undone.
      if (!completed) throw new Refusal('job_closed');
      await tx.experiment.updateMany({ where: { id: job.experimentId }, data: { currentModelId: id, lastCompletedJobId: job.id } });
      await keepMetrics(step, job, summary);
      recordEvent(step, job.experimentId, {
        type: 'current_model_changed',
        jobId: job.id,
        data: { sha256: staged.sha256, size: staged.size, updates: job.updates.length, by: 'aggregation' },
      });
      await startNextJob(step, job.experimentId);
      await countInStep(step, job.projectId, staged.size);
    }),
  );
}
