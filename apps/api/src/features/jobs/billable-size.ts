interface Sized {
  readonly size: bigint;
}

/** Bytes of the job's start model, its device models and its aggregate, as far as there are any. */
export function billableSize(job: {
  readonly startModel: Sized | null;
  readonly aggregateModel: Sized | null;
  readonly updates: ReadonlyArray<{ readonly model: Sized }>;
}): bigint {
  const models = [job.startModel, job.aggregateModel, ...job.updates.map(({ model }) => model)];
  return models.reduce((sum, model) => sum + (model?.size ?? 0n), 0n);
}
