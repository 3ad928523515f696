import type { JobStatus } from '@vergeai/sdk';

const words: Readonly<Record<JobStatus, string>> = {
  INITIALIZED: 'in line',
  IN_PROGRESS: 'training',
  AGGREGATION_IN_PROGRESS: 'averaging',
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
};

/** How a job stands, in a word. */
export const statusWord = (status: JobStatus): string => words[status] ?? status;
