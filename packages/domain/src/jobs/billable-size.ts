interface Sized {
  /** Bytes. */
  readonly size: bigint;
}

/** What of a job is to be paid for: bytes of its start model, its device models and its aggregate, as far as there are any. */
export function billableSize(job: { readonly startModel: Sized | null; readonly updates: ReadonlyArray<{ readonly model: Sized | null }> }, aggregate?: Sized): bigint {
  const models = [job.startModel, ...job.updates.map(({ model }) => model), aggregate];
  return models.reduce((sum, model) => sum + (model?.size ?? 0n), 0n);
}
