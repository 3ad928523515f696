import type { Transaction } from '@vergeai/db';
import { JobStatus, judge, meanOf, type ReportSummary, type StopRule } from '@vergeai/domain';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { cancelWaiting } from './transition.js';

/** A retry joins the series of the job that it repeats, unless that has been stopped. The caller holds the experiment's row. */
export async function seriesToJoin(tx: Transaction, retryOf: string): Promise<string | null> {
  const { seriesId } = await tx.job.findUniqueOrThrow({ where: { id: retryOf }, select: { seriesId: true } });
  if (seriesId === null) return null;
  const series = await tx.jobSeries.findUnique({ where: { id: seriesId }, select: { stoppedAt: true } });
  return series && series.stoppedAt === null ? seriesId : null;
}

interface CompletedJob {
  readonly id: string;
  readonly experimentId: string;
  readonly seriesId: string | null;
}

/**
 * Lets the rule of a series decide, when a job of it completes, whether the others are worth training, and cancels exactly those
 * of it that wait if they are not. A job whose devices said nothing of the metric counts neither way; those that fail or are
 * cancelled never come here. In the step that completes the job, which holds the experiment's row: it happens with that, once, or
 * not at all.
 */
export async function judgeSeries(step: Step, job: CompletedJob, summary: ReportSummary): Promise<void> {
  const { ctx, tx } = step;
  if (job.seriesId === null) return;
  const series = await tx.jobSeries.findUnique({ where: { id: job.seriesId } });
  if (!series || series.stopWhen === null || series.stoppedAt !== null) return;
  const rule = JSON.parse(series.stopWhen) as StopRule;
  const value = meanOf(summary, rule.metric);
  if (value === undefined) return;
  const { progress, isBest, stop } = judge(rule, series, value);
  const now = ctx.clock.now();
  await tx.jobSeries.updateMany({
    where: { id: series.id },
    data: { ...progress, ...(isBest && { bestJobId: job.id }), ...(stop && { stoppedAt: now, stopReason: stop.sentence }) },
  });
  if (!stop) return;
  const rest = await tx.job.findMany({ where: { seriesId: series.id, status: JobStatus.INITIALIZED }, select: { id: true }, orderBy: { sequence: 'asc' } });
  recordEvent(step, job.experimentId, {
    type: 'series_stopped',
    jobId: job.id,
    data: { series_id: series.id, rule: stop.rule, metric: rule.metric, value, best_value: progress.bestValue!, cancelled: rest.length, reason: stop.sentence },
  });
  await cancelWaiting(step, job.experimentId, rest, `its series was stopped: ${stop.sentence}`);
}
