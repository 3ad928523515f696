import { JobStatus, type StopRule } from '@vergeai/domain';
import type { Context } from '../context.js';
import { timestamp } from './times.js';

/** Of so many series, the newest, it is told how they go. */
const SHOWN = 20;

const finished: readonly JobStatus[] = [JobStatus.COMPLETED, JobStatus.CANCELLED, JobStatus.FAILED];

/** The series of an experiment, newest first: by which rule each is stopped, and how far it is. */
export async function describeSeries(ctx: Context, experimentId: string) {
  const { job, jobSeries } = ctx.db.prisma;
  const rows = await jobSeries.findMany({ where: { experimentId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: SHOWN });
  if (rows.length === 0) return [];
  const counted = await job.groupBy({ by: ['seriesId', 'status'], where: { seriesId: { in: rows.map(({ id }) => id) } }, _count: { _all: true } });
  const best = await job.findMany({ where: { id: { in: rows.flatMap(({ bestJobId }) => bestJobId ?? []) } }, select: { id: true, sequence: true } });
  const sequenceOf = new Map(best.map(({ id, sequence }) => [id, sequence]));
  return rows.map((row) => {
    const counts = counted.filter(({ seriesId }) => seriesId === row.id);
    const count = (statuses: readonly JobStatus[]) => counts.reduce((sum, { status, _count }) => sum + (statuses.includes(status) ? _count._all : 0), 0);
    const ended = count(finished);
    const all = counts.reduce((sum, { _count }) => sum + _count._all, 0);
    return {
      series_id: row.id,
      status: row.stoppedAt ? ('stopped' as const) : ended < all ? ('running' as const) : ('ended' as const),
      num_jobs: all,
      num_completed: count([JobStatus.COMPLETED]),
      num_ended: ended,
      stop_when: row.stopWhen === null ? null : (JSON.parse(row.stopWhen) as StopRule),
      best: row.bestJobId !== null && row.bestValue !== null ? { job_id: row.bestJobId, sequence: sequenceOf.get(row.bestJobId) ?? 0, value: row.bestValue } : null,
      stalled: row.stalled,
      stopped: row.stoppedAt && { at: timestamp(row.stoppedAt), reason: row.stopReason ?? '' },
      created_at: timestamp(row.createdAt),
    };
  });
}
