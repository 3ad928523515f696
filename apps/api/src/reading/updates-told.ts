import type { RoundReport } from '@vergeai/domain';
import type { Context } from '../context.js';

/** What became of a device's update. */
export interface UpdateTold {
  readonly coefficient: number | null;
  readonly selected: boolean;
  readonly update_norm: number | null;
  readonly clipped: boolean | null;
}

/** What became of each update of a job, by device, read for one job at a time: a report may have a thousand devices. It goes by the order of the devices' ids, as the aggregation did. */
export async function updatesTold(ctx: Context, jobId: string): Promise<ReadonlyMap<string, UpdateTold>> {
  const { aggregationReport: text } = await ctx.db.prisma.job.findUniqueOrThrow({ where: { id: jobId }, select: { aggregationReport: true } });
  if (text === null) return new Map();
  const report = JSON.parse(text) as RoundReport;
  const updates = await ctx.db.prisma.jobUpdate.findMany({ where: { jobId }, select: { deviceId: true }, orderBy: { deviceId: 'asc' } });
  return new Map(
    updates.map(({ deviceId }, i) => [
      deviceId,
      { coefficient: report.coefficients?.[i] ?? null, selected: report.selected[i]!, update_norm: report.norms?.[i] ?? null, clipped: report.clipped?.[i] ?? null },
    ]),
  );
}
