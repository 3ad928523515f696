import { z } from 'zod';
import { metricName } from './experiment-list.js';
import { hexId } from './ids.js';
import { jobKind } from './job-kind.js';
import { jobStatus } from './job-status.js';
import { nameList } from './name-list.js';
import { timestamp } from './time.js';

const sequence = z.coerce.number<number>().int().min(1).max(2_147_483_647);

export const metricSeriesQuery = z.object({
  names: nameList(metricName, 10).optional().describe('Which metrics, separated by commas; the first six when left out'),
  devices: z
    .union([z.enum(['none', 'all']), nameList(hexId, 50)])
    .default('none')
    .describe('Whose values to give, too: of these, separated by commas, or of all, at most a hundred, of the newest jobs first'),
  from: sequence.optional().describe('The number of the first job'),
  to: sequence.optional().describe('The number of the last job'),
  max_points: z.coerce.number<number>().int().min(100).max(5000).default(2000).describe('How many jobs at most; of more, those stay that show every outlier'),
});

const column = <T extends z.ZodType>(value: T) => z.array(value);
const valueOrGap = z.number().nullable();

/** A table in columns: the n-th entry of each is of the n-th job. */
export const metricSeriesAnswer = z.object({
  sequence: column(z.number().int()).describe('The numbers of the jobs, in ascending order; every other column has as many entries'),
  job_id: column(z.string()).describe('The jobs'),
  status: column(jobStatus).describe('How each stands; only COMPLETED ones have values'),
  kind: column(jobKind).describe('What each is for: what one that evaluates has is of the model that it was given'),
  ended_at: column(timestamp.nullable()).describe('When each ended'),
  examples: column(valueOrGap).describe('How many examples its devices trained on, all together; null when none said'),
  metrics: z
    .record(
      z.string(),
      z.object({
        mean: column(valueOrGap).describe('Over the devices of the job, weighted by `num_examples`'),
        min: column(valueOrGap).describe('The smallest value'),
        max: column(valueOrGap).describe('The largest value'),
        p10: column(valueOrGap).describe('A tenth of the devices lie below it; nine significant digits'),
        p90: column(valueOrGap).describe('A tenth of the devices lie above it; nine significant digits'),
        count: column(z.number().int()).describe('How many devices reported it'),
      }),
    )
    .describe('By name; null where a job has no such value'),
  devices: z
    .array(
      z.object({
        device_id: z.string(),
        values: z.record(z.string(), column(valueOrGap)).describe('By metric, what it reported with its update, in nine significant digits; null: nothing'),
      }),
    )
    .describe('Those that were asked for'),
  thinned: z.number().int().describe('1: every job is there; n: about one of n is'),
  names: z.array(z.string()).describe('All metrics of these jobs, also of those that were left out: the first thousand names'),
});
