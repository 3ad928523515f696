import type { Prisma } from '@vergeai/db';

interface Sized {
  readonly size: bigint;
}

/** What of a job that has no aggregate yet is to be paid for. */
export const billableInclude = {
  startModel: { select: { size: true } },
  updates: { select: { model: { select: { size: true } } } },
} as const satisfies Prisma.JobInclude;

/** Bytes of the job's start model, its device models and its aggregate, as far as there are any. */
export function billableSize(job: { readonly startModel: Sized | null; readonly updates: ReadonlyArray<{ readonly model: Sized }> }, aggregate?: Sized): bigint {
  const models = [job.startModel, ...job.updates.map(({ model }) => model), aggregate];
  return models.reduce((sum, model) => sum + (model?.size ?? 0n), 0n);
}
