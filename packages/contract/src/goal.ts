import { z } from 'zod';
import { metricName } from './experiment-list.js';

const goal = { metric: metricName.describe('Which metric: its mean over the devices of a job'), mode: z.enum(['min', 'max']).describe('Whether less of it is better, or more') };

/** By which metric one model is better than another. */
export const keepBest = z.strictObject(goal).describe('By which metric the best model is chosen');

/** When the rest of a series of jobs is cancelled. */
export const stopWhen = z
  .strictObject({
    ...goal,
    patience: z.number().int().min(1).max(100).optional().describe('When so many jobs in a row are no better than the best before them'),
    min_delta: z.number().min(0).default(0).describe('By how much more than this a value must be better to count as better'),
    threshold: z.number().optional().describe('When a value is at least as good as this'),
  })
  .refine(({ patience, threshold }) => patience !== undefined || threshold !== undefined, { path: ['patience'], error: 'needs patience, threshold or both' })
  .describe('When the jobs that are left are cancelled; looked at whenever one completes');

/** The same in answers. */
export const answeredKeepBest = z.object({ metric: z.string(), mode: z.enum(['min', 'max']) });
export const answeredStopWhen = answeredKeepBest.extend({ patience: z.number().int().nullable(), min_delta: z.number(), threshold: z.number().nullable() });
