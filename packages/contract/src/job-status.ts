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
