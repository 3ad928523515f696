import type { Prisma, Transaction } from '@vergeai/db';
import { DeviceState } from '@vergeai/domain';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';

/** What the documented Job is made of. */
const jobInclude = {
  startModel: true,
  aggregateModel: true,
  devices: { where: { state: { not: DeviceState.REPLACED } }, orderBy: { position: 'asc' } },
  updates: { include: { model: true }, orderBy: { deviceId: 'asc' } },
} as const satisfies Prisma.JobInclude;

export type JobRow = Prisma.JobGetPayload<{ include: typeof jobInclude }>;

/** A job of a project. Throws a Refusal `job_not_found`. */
export async function getJobRow(reader: Context['db']['prisma'] | Transaction, projectId: string, jobId: string): Promise<JobRow> {
  const row = await reader.job.findFirst({ where: { id: jobId, projectId }, include: jobInclude });
  // Prisma reads models in a statement of their own, after the updates: one that is missing went with its whole project.
  const isGone = row?.updates.some(({ model }) => (model as unknown) === null) ?? true;
  if (!row || isGone) throw new Refusal('job_not_found');
  return row;
}
