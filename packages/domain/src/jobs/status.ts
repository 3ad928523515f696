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

/** Nothing leaves these. */
export const finalStatuses = [JobStatus.COMPLETED, JobStatus.CANCELLED, JobStatus.FAILED] as const satisfies readonly JobStatus[];

export const isLive = (status: JobStatus): boolean => (liveStatuses as readonly JobStatus[]).includes(status);
export const isFinal = (status: JobStatus): boolean => (finalStatuses as readonly JobStatus[]).includes(status);
