import { z } from 'zod';

export const jobStatus = z.enum([
  'INITIALIZED',
  'IN_PROGRESS',
  'AGGREGATION_IN_PROGRESS',
  'COMPLETED',
  'CANCELLED',
  'FAILED',
]);
export type JobStatus = z.infer<typeof jobStatus>;

/** What a job that runs is waiting for: a sentence for people. */
export const waitingFor = z.string().nullable().describe('Which devices it waits for that have not come; null: it goes on, or does not run');
