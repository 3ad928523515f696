import { JsonText } from '@vergeai/contract';
import { isBetter, JobKind, JobStatus, meanOf, type Goal } from '@vergeai/domain';
import type { Context } from '../context.js';
import { jobPoints } from './job-points.js';
import { timestamp } from './times.js';

const ended: readonly JobStatus[] = [JobStatus.COMPLETED, JobStatus.CANCELLED, JobStatus.FAILED];

/**
 * The members of a sweep, the best one first: by the best value that a job of them reached; of equal ones the first that was made
 * comes first, and those without a value come last.
 */
export async function rankedMembers(ctx: Context, sweepId: string, goal: Goal) {
  const { prisma } = ctx.db;
  const rows = await prisma.sweepMember.findMany({
    where: { sweepId },
    include: { experiment: { select: { id: true, name: true, isActive: true, keepBest: true, bestJobId: true, bestValue: true, lastCompletedJobId: true, nextJobSequence: true } } },
    orderBy: { position: 'asc' },
  });
  const of = { experimentId: { in: rows.map(({ experimentId }) => experimentId) } };
  const counts = await prisma.job.groupBy({ by: ['experimentId', 'status'], where: of, _count: { _all: true } });
  const stopped = await prisma.jobSeries.findMany({ where: { ...of, stoppedAt: { not: null } }, select: { id: true, stoppedAt: true, stopReason: true } });
  const reachedBy = await reached(ctx, rows.map(({ experiment }) => experiment), goal);
  const members = rows.map(({ position, experimentId, seriesId, hyperparameters, experiment }) => {
    const count = (statuses?: readonly JobStatus[]) =>
      counts.reduce((sum, { experimentId: id, status, _count }) => sum + (id === experimentId && (!statuses || statuses.includes(status)) ? _count._all : 0), 0);
    const stop = stopped.find(({ id }) => id === seriesId);
    return {
      position,
      experiment_id: experimentId,
      name: experiment.name,
      hyperparameters: new JsonText(hyperparameters),
      status: experiment.isActive ? ('running' as const) : ('ended' as const),
      num_jobs: count(),
      num_completed: count([JobStatus.COMPLETED]),
      num_ended: count(ended),
      ...(reachedBy.get(experimentId) ?? { best: null, last: null }),
      stopped: stop?.stoppedAt ? { at: timestamp(stop.stoppedAt), reason: stop.stopReason ?? '' } : null,
    };
  });
  return members.toSorted((one, other) => rank(one, other, goal));
}

/** Sorting keeps the order of those that are alike. */
function rank({ best: one }: { best: Reached | null }, { best: other }: { best: Reached | null }, { mode }: Goal): number {
  if (!one || !other) return Number(!one) - Number(!other);
  if (isBetter(mode, one.value, other.value)) return -1;
  return isBetter(mode, other.value, one.value) ? 1 : 0;
}

/** A value of the metric, and the job that reached it. */
export interface Reached {
  readonly job_id: string;
  readonly sequence: number;
  readonly value: number;
}

interface BestAndLast {
  readonly best: Reached | null;
  readonly last: Reached | null;
}

interface Member {
  readonly id: string;
  readonly keepBest: string | null;
  readonly bestJobId: string | null;
  readonly bestValue: number | null;
  readonly lastCompletedJobId: string | null;
  readonly nextJobSequence: number;
}

/** What each has reached, by its id. Every member keeps its best model by the sweep's goal, until somebody gives it another one. */
async function reached(ctx: Context, members: readonly Member[], goal: Goal): Promise<ReadonlyMap<string, BestAndLast>> {
  const { prisma } = ctx.db;
  const keeps = ({ keepBest }: Member) => keepBest !== null && isSame(JSON.parse(keepBest) as Goal, goal);
  const kept = members.filter(keeps);
  const jobs = await prisma.job.findMany({ where: { id: { in: kept.flatMap(({ bestJobId, lastCompletedJobId }) => [bestJobId ?? [], lastCompletedJobId ?? []].flat()) } }, select: { id: true, sequence: true } });
  const sequenceOf = new Map(jobs.map(({ id, sequence }) => [id, sequence]));
  const at = (job_id: string | null, value: number | null | undefined): Reached | null =>
    job_id !== null && value !== null && value !== undefined && sequenceOf.has(job_id) ? { job_id, sequence: sequenceOf.get(job_id)!, value } : null;
  const last = await prisma.experimentMetric.findMany({ where: { experimentId: { in: kept.map(({ id }) => id) }, name: goal.metric }, select: { experimentId: true, jobId: true, value: true } });
  const found = new Map<string, BestAndLast>();
  for (const { id, bestJobId, bestValue, lastCompletedJobId } of kept) {
    const value = last.find(({ experimentId, jobId }) => experimentId === id && jobId === lastCompletedJobId)?.value;
    found.set(id, { best: at(bestJobId, bestValue), last: at(lastCompletedJobId, value) });
  }
  for (const member of members) if (!keeps(member)) found.set(member.id, await readReached(ctx, member, goal));
  return found;
}

const isSame = (one: Goal, other: Goal) => one.metric === other.metric && one.mode === other.mode;

/** The same from all that its jobs reported. */
async function readReached(ctx: Context, { id, nextJobSequence }: Member, { metric, mode }: Goal): Promise<BestAndLast> {
  let [best, last]: [Reached | null, Reached | null] = [null, null];
  for await (const points of jobPoints(ctx, { experimentId: id, from: 1, to: nextJobSequence - 1 })) {
    for (const { id: job_id, sequence, kind, summary } of points) {
      if (!summary || kind === JobKind.EVALUATE) continue;
      const value = meanOf(summary, metric);
      last = value === undefined ? null : { job_id, sequence, value };
      if (last && isBetter(mode, last.value, best?.value ?? null)) best = last;
    }
  }
  return { best, last };
}
