import { billableSize, JobKind, JobStatus, needsOf, summarise, type FormatName, type RoundReport } from '@vergeai/domain';
import type { Context } from '../context.js';
import { recordEvent } from '../writing/record-event.js';
import { Refusal } from '../refusal.js';
import type { StagedBlob } from '../storage/blob-store.js';
import { isPassing } from '../writing/is-passing.js';
import { takeStep } from '../writing/take-step.js';
import type { Task } from '../tasks/task-queue.js';
import type { NotFinite } from '../models/aggregate/aggregator.js';
import { BorrowedBlobs } from '../models/borrowed-blobs.js';
import { keepModel, keepModelIfAny } from '../models/keep-model.js';
import { formatOfRow } from '../models/model-format.js';
import { rowOfBytes } from '../models/model-row.js';
import { countInStep } from '../models/project-storage.js';
import { strategyOf } from '../models/strategy.js';
import { aggregationFacts, privacySpent, reportText } from './aggregation-facts.js';
import { completeEvaluation } from './complete-evaluation.js';
import { endJob } from './end-job.js';
import { judgeSeries } from './series.js';
import { keepBest } from './keep-best.js';
import { keepMetrics } from './keep-metrics.js';
import { lockExperiment } from './lock-experiment.js';
import { keepState, stateToGoOnWith, type KeptState } from './server-state.js';
import { startNextJob } from './start-next-job.js';
import { transition } from './transition.js';

/**
 * Makes the aggregate of a job's frozen set of updates, by the job's strategy, and hands it to the next job; of a job that evaluates it
 * keeps nothing but the means. It may run twice, or on two servers at once: each attempt writes bytes of its own, and only
 * the holder of the task's lease, on a job that is still being aggregated, gets to register them. After five attempts that failed the job fails, and after twelve that have
 * taken their process down with them; at once when the project may not keep what comes of it, or when
 * that has numbers which are not finite: so it would be in every attempt.
 */
export async function aggregateJob(ctx: Context, task: Task<'aggregate'>, signal: AbortSignal): Promise<void> {
  const job = await ctx.db.prisma.job.findUnique({
    where: { id: task.payload.jobId },
    include: { startModel: true, updates: { include: { model: true }, orderBy: { deviceId: 'asc' } } },
  });
  if (job?.status !== JobStatus.AGGREGATION_IN_PROGRESS) return takeStep(ctx, undefined, ({ tx }) => task.finish(tx));
  if (task.deaths >= task.maxDeaths) return giveUp(ctx, task, job, `the server ended ${task.deaths} times while it aggregated`);
  try {
    if (job.kind === JobKind.EVALUATE) return await completeEvaluation(ctx, task, job);
    const made = await writeAggregate(ctx, job, signal);
    if ('notFinite' in made) return await giveUp(ctx, task, job, `aggregate_not_finite: ${made.notFinite}`);
    try {
      await complete(ctx, task, job, made);
    } finally {
      await made.staged.discard();
      await made.state?.staged.discard();
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
  readonly startModel: { readonly size: bigint; readonly blobKey: string; readonly sha256: string } | null;
  readonly aggregationStrategy: string | null;
  readonly seriesId: string | null;
  readonly noiseSeed: string | null;
  readonly updates: ReadonlyArray<{
    readonly numExamples: number | null;
    readonly metrics: string;
    /** null: of a job that evaluates. */
    readonly model: { readonly blobKey: string; readonly sha256: string; readonly size: bigint } | null;
  }>;
}

/** An aggregate in its file, with what the strategy keeps for the next round. */
interface Made {
  readonly format: FormatName;
  readonly staged: StagedBlob;
  readonly state: KeptState | undefined;
  readonly report: RoundReport;
}

async function writeAggregate(ctx: Context, job: JobToAggregate, signal: AbortSignal): Promise<Made | NotFinite> {
  const blobs = new BorrowedBlobs(ctx);
  const end = measure(ctx);
  try {
    const made = await writeAggregateOf(ctx, job, blobs, signal);
    end('notFinite' in made ? 'not_finite' : 'made');
    ctx.meters.aggregationBytes.inc(job.updates.reduce((sum, { model }) => sum + Number(model!.size), 0));
    return made;
  } catch (error) {
    end('failed');
    throw error;
  } finally {
    await blobs.giveBack();
  }
}

/** Begins to measure; gives how to say how it ended. */
function measure({ clock, meters }: Context): (outcome: 'made' | 'not_finite' | 'failed') => void {
  const beganAt = clock.monotonic();
  return (outcome) => meters.aggregationDuration.observe({ outcome }, (clock.monotonic() - beganAt) / 1000);
}

async function writeAggregateOf(ctx: Context, job: JobToAggregate, blobs: BorrowedBlobs, signal: AbortSignal): Promise<Made | NotFinite> {
  const { layout, model: startModel } = await ctx.db.prisma.modelLayout.findFirstOrThrow({
    where: { model: { experimentId: job.experimentId, kind: 'START' } },
    include: { model: { select: { format: true } } },
  });
  const strategy = strategyOf(job);
  const needs = needsOf(strategy);
  const updates = await Promise.all(
    job.updates.map(async ({ numExamples, metrics, model }) => ({
      path: await blobs.path(model!),
      sha256: model!.sha256,
      numExamples,
      ...(needs.loss !== undefined && { loss: (JSON.parse(metrics) as Record<string, number>)[needs.loss]! }),
    })),
  );
  const output = ctx.storage.draftPath();
  const state = needs.state && { before: await stateToGoOnWith(ctx, job.experimentId, needs.state, blobs), output: ctx.storage.draftPath() };
  const written = await ctx.aggregator.aggregate(
    {
      strategy,
      layout,
      updates,
      output,
      ...(needs.start && { start: { path: await blobs.path(job.startModel!), sha256: job.startModel!.sha256 } }),
      ...(state && { state }),
      ...(needs.noise && { seed: job.noiseSeed! }),
    },
    signal,
  );
  if ('notFinite' in written) return written;
  return {
    format: formatOfRow(startModel).name,
    staged: ctx.storage.adopt(output, written),
    state: state && written.state && { staged: ctx.storage.adopt(state.output, written.state), kind: needs.state.kind, notes: written.state.notes },
    report: written.report,
  };
}

/** Registers the aggregate and the strategy's state, moves the experiment's model on and starts the next job: one transaction. */
async function complete(ctx: Context, task: Task<'aggregate'>, job: JobToAggregate, { format, staged, state, report }: Made): Promise<void> {
  const summary = summarise(job.updates.map(({ numExamples, metrics }) => ({ numExamples, metrics: JSON.parse(metrics) as Record<string, number> })));
  const strategy = strategyOf(job);
  let forgotten: readonly string[] = [];
  await keepModel(ctx, staged, job.projectId, ({ id, blobKey }) =>
    keepModelIfAny(ctx, state?.staged, job.projectId, (stateBlob) =>
      takeStep(ctx, undefined, async (step) => {
        const { tx } = step;
        const experiment = await lockExperiment(step, job.projectId, job.experimentId);
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
          aggregationReport: reportText(report),
        });
        // The late aggregate of a job that ended meanwhile must not turn it round, so everything here is undone.
        if (!completed) throw new Refusal('job_closed');
        await tx.experiment.updateMany({ where: { id: job.experimentId }, data: { currentModelId: id, lastCompletedJobId: job.id, ...privacySpent(strategy) } });
        await keepMetrics(step, job, summary);
        const freed = state && (await keepState(step, job, state, { ...stateBlob!, modelId: id }));
        forgotten = freed?.blobs ?? [];
        recordEvent(step, job.experimentId, {
          type: 'current_model_changed',
          jobId: job.id,
          data: { sha256: staged.sha256, size: staged.size, updates: job.updates.length, by: 'aggregation', ...aggregationFacts(strategy, report, state) },
        });
        await keepBest(step, experiment, { id: job.id, sha256: staged.sha256 }, summary);
        await judgeSeries(step, job, summary);
        await startNextJob(step, job.experimentId);
        await countInStep(step, job.projectId, staged.size + (state?.staged.size ?? 0) - (freed?.bytes ?? 0));
      }),
    ),
  );
  for (const blobKey of forgotten) await ctx.storage.remove(blobKey).catch((error: unknown) => ctx.log.warn({ err: error, job_id: job.id }, 'a blob is left to the clean-up'));
}
