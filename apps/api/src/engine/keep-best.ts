import type { Transaction } from '@vergeai/db';
import { isBetter, JobStatus, meanOf, type Goal, type ReportSummary } from '@vergeai/domain';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';

/** So many jobs are read in one go: what devices reported may be long. */
const AT_ONCE = 50;

interface WithBest {
  readonly id: string;
  /** A metric and which way it is good, as JSON text. */
  readonly keepBest: string | null;
  readonly bestValue: number | null;
}

/**
 * Remembers the model of a job that completes as the best one of the experiment, if it is. Of equals the first stays. In the step
 * that completes the job, which holds the experiment's row.
 */
export async function keepBest(step: Step, experiment: WithBest, job: { readonly id: string; readonly sha256: string }, summary: ReportSummary): Promise<void> {
  if (experiment.keepBest === null) return;
  const goal = JSON.parse(experiment.keepBest) as Goal;
  const value = meanOf(summary, goal.metric);
  if (value === undefined || !isBetter(goal.mode, value, experiment.bestValue)) return;
  await setBest(step, experiment.id, goal, { ...job, value });
}

/** The same over all jobs that have completed, for a goal that is new; null: none any more. The caller holds the experiment's row. */
export async function findBestAnew(step: Step, experimentId: string, goal: Goal | null): Promise<void> {
  const best = goal && (await bestOf(step.tx, experimentId, goal));
  if (best) await setBest(step, experimentId, goal, best);
  else await step.tx.experiment.updateMany({ where: { id: experimentId }, data: { bestJobId: null, bestValue: null } });
}

interface Best {
  readonly id: string;
  readonly sha256: string;
  readonly value: number;
}

async function bestOf(tx: Transaction, experimentId: string, { metric, mode }: Goal): Promise<Best | undefined> {
  let best: Best | undefined;
  for (let after = 0; ; ) {
    const jobs = await tx.job.findMany({
      where: { experimentId, status: JobStatus.COMPLETED, sequence: { gt: after } },
      select: { id: true, sequence: true, summary: true, aggregateModel: { select: { sha256: true } } },
      orderBy: { sequence: 'asc' },
      take: AT_ONCE,
    });
    for (const { id, summary, aggregateModel } of jobs) {
      const value = summary === null ? undefined : meanOf(JSON.parse(summary) as ReportSummary, metric);
      if (value !== undefined && aggregateModel && isBetter(mode, value, best?.value ?? null)) best = { id, sha256: aggregateModel.sha256, value };
    }
    if (jobs.length < AT_ONCE) return best;
    after = jobs.at(-1)!.sequence;
  }
}

async function setBest(step: Step, experimentId: string, { metric, mode }: Goal, { id, sha256, value }: Best): Promise<void> {
  await step.tx.experiment.updateMany({ where: { id: experimentId }, data: { bestJobId: id, bestValue: value } });
  recordEvent(step, experimentId, { type: 'best_model_changed', jobId: id, data: { metric, mode, value, sha256 } });
}
