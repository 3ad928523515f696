import { z } from 'zod';
import { text } from './text.js';

/** The weight of an update in the mean over devices. */
export const numExamples = z.number().positive().max(Number.MAX_SAFE_INTEGER);

export const reportedMetrics = z
  .record(text(1, 100), z.number())
  .refine((metrics) => Object.keys(metrics).length <= 100, 'must have at most 100 entries');

/** What a device tells of its training beside the update itself. */
export const updateReport = z.object({ num_examples: numExamples.optional(), metrics: reportedMetrics.optional() });
