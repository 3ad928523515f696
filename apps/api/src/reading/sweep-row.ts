import { JobStatus, type Goal } from '@vergeai/domain';
import type { Context } from '../context.js';
import { timestamp } from './times.js';

interface SweepRow {
  readonly id: string;
  readonly baseId: string;
  readonly name: string | null;
  readonly seed: number | null;
  readonly goal: string;
  readonly createdAt: Date;
  readonly cancelledAt: Date | null;
  readonly _count: { readonly members: number };
}

/** By what its members are ranked. */
export const goalOf = ({ goal }: { readonly goal: string }): Goal => JSON.parse(goal) as Goal;

type SweepStatus = 'RUNNING' | typeof JobStatus.COMPLETED | typeof JobStatus.CANCELLED;

/** How a sweep stands. `isActive`: whether a job of one of its members runs or waits; it may again, once one is retried. */
export function sweepStatus({ cancelledAt }: { readonly cancelledAt: Date | null }, isActive: boolean): SweepStatus {
  if (cancelledAt) return JobStatus.CANCELLED;
  return isActive ? 'RUNNING' : JobStatus.COMPLETED;
}

/** Which of these sweeps have a member of which a job runs or waits. */
export async function activeSweeps({ db }: Context, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await db.prisma.sweepMember.findMany({ where: { sweepId: { in: [...ids] }, experiment: { isActive: true } }, select: { sweepId: true }, distinct: ['sweepId'] });
  return new Set(found.map(({ sweepId }) => sweepId));
}

export const presentSweep = (row: SweepRow, isActive: boolean) => ({
  sweep_id: row.id,
  name: row.name,
  experiment_id: row.baseId,
  // What was drawn has a seed.
  method: row.seed === null ? ('grid' as const) : ('random' as const),
  ...goalOf(row),
  status: sweepStatus(row, isActive),
  num_members: row._count.members,
  created_at: timestamp(row.createdAt),
  cancelled_at: row.cancelledAt && timestamp(row.cancelledAt),
});
