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

/** What a job is waiting for: a sentence for people. */
export const waitingFor = z.string().nullable().describe('What keeps it: devices that have not come, or, for one in line, a pause of the experiment; null: nothing but the jobs before it');
