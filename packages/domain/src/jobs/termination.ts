/** A job is cancelled once it has run for this long. */
export interface DurationCriterion {
  readonly type: 'DurationTerminationCriteria';
  /** Seconds from the start of the job, not from its creation. */
  readonly max_duration_sec: number;
}

/** When a job that starts at `startedAt` has to end; null when nothing ends it. The shortest criterion counts. */
export function deadlineOf(criteria: readonly DurationCriterion[], startedAt: Date): Date | null {
  if (criteria.length === 0) return null;
  const seconds = Math.min(...criteria.map((criterion) => criterion.max_duration_sec));
  return new Date(startedAt.getTime() + Math.ceil(seconds * 1000));
}
