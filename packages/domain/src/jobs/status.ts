/** Where a job is in its life. */
export const JobStatus = {
  INITIALIZED: 'INITIALIZED',
  IN_PROGRESS: 'IN_PROGRESS',
  AGGREGATION_IN_PROGRESS: 'AGGREGATION_IN_PROGRESS',
  COMPLETED: 'COMPLETED',
  CANCELLED: 'CANCELLED',
  FAILED: 'FAILED',
} as const;
export type JobStatus = (typeof JobStatus)[keyof typeof JobStatus];

/** The job holds its experiment: no other job of it may run. */
export const liveStatuses = [JobStatus.IN_PROGRESS, JobStatus.AGGREGATION_IN_PROGRESS] as const satisfies readonly JobStatus[];
