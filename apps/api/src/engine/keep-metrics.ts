import { build, statementOf } from '@vergeai/db';
import type { ReportSummary } from '@vergeai/domain';
import type { Step } from '../writing/step.js';

interface CompletedJob {
  readonly id: string;
  readonly projectId: string;
  readonly experimentId: string;
}

/**
 * Keeps the means of a job that completes where experiments are sorted by them, in one statement. Rows of an earlier job that had
 * more metrics stay behind; they bear its id, and count for nothing.
 */
export async function keepMetrics({ ctx, tx }: Step, job: CompletedJob, { metrics }: ReportSummary): Promise<void> {
  const rows = Object.entries(metrics).map(([name, { mean }], position) => ({
    experimentId: job.experimentId,
    position,
    projectId: job.projectId,
    jobId: job.id,
    name,
    value: mean,
  }));
  if (rows.length === 0) return;
  const keep = build
    .insertInto('ExperimentMetric')
    .values(rows)
    .onConflict((kept) =>
      kept.columns(['experimentId', 'position']).doUpdateSet((row) => ({ jobId: row.ref('excluded.jobId'), name: row.ref('excluded.name'), value: row.ref('excluded.value') })),
    );
  await ctx.db.run(tx, statementOf(keep));
}
