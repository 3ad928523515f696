/** Where a job is in its life. */
export type JobStatus = 'INITIALIZED' | 'IN_PROGRESS' | 'AGGREGATION_IN_PROGRESS' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** The job holds its experiment: no other job of it may run. */
export const liveStatuses = ['IN_PROGRESS', 'AGGREGATION_IN_PROGRESS'] as const satisfies readonly JobStatus[];

/** Nothing leaves these. */
export const finalStatuses = ['COMPLETED', 'CANCELLED', 'FAILED'] as const satisfies readonly JobStatus[];

export const isLive = (status: JobStatus): boolean => (liveStatuses as readonly JobStatus[]).includes(status);
export const isFinal = (status: JobStatus): boolean => (finalStatuses as readonly JobStatus[]).includes(status);
