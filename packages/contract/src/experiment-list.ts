import { z } from 'zod';
import { hexId } from './ids.js';
import { jobStatus } from './job-status.js';
import { answeredScalar } from './json.js';
import { nameList } from './name-list.js';
import { page, pageQuery } from './page.js';
import { text } from './text.js';
import { timestamp } from './time.js';

/** What a cursor carries besides an id: a name, at most. */
const LONGEST_CURSOR = 4000;

export const experimentTag = text(1, 50);
export const experimentTags = z
  .array(experimentTag)
  .max(16)
  .refine((tags) => new Set(tags).size === tags.length, 'must not have a tag twice');

/** The name of something that devices report. */
export const metricName = text(1, 100);

export const experimentListQuery = z
  .object({
    limit: pageQuery.limit,
    cursor: z.string().min(1).max(LONGEST_CURSOR).optional().describe("The previous page's next_cursor, with everything else as it was"),
    status: z.enum(['active', 'idle']).optional(),
    q: text(1, 200).optional().describe('A part of the name, or the beginning of the id'),
    tag: experimentTag.optional(),
    ids: nameList(hexId, 100).optional().describe('Only these, separated by commas'),
    archived: z.enum(['exclude', 'include', 'only']).default('exclude').describe('What to do with archived ones'),
    sort: z.enum(['created', 'updated', 'name', 'metric']).default('created').describe('What has no name, or not the metric, comes last'),
    metric: metricName.optional().describe('Which one to sort by; it goes with `sort=metric`'),
    order: z.enum(['asc', 'desc']).optional().describe('`desc` when left out, for names `asc`'),
    params: nameList(text(1, 500), 50).optional().describe('Which hyperparameters to show, separated by commas: `lr,optimizer.name`'),
    metrics: nameList(metricName, 100).optional().describe('Which metrics to show, separated by commas; all when left out'),
  })
  .superRefine(({ sort, metric }, check) => {
    if (sort === 'metric' && metric === undefined) check.addIssue({ code: 'custom', path: ['metric'], message: 'must say which metric to sort by' });
  });

const experimentRow = z.object({
  experiment_id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  status: z.enum(['active', 'idle']),
  current_job: z.string(),
  num_jobs: z.number().int(),
  created_at: timestamp,
  updated_at: timestamp,
  archived_at: timestamp.nullable(),
  paused_at: timestamp.nullable(),
  forked_from: z.string().nullable(),
  tags: z.array(z.string()).describe('In alphabetical order'),
  live_job: z
    .object({
      job_id: z.string(),
      sequence: z.number().int(),
      status: jobStatus,
      num_updates: z.number().int(),
      num_devices: z.number().int(),
      started_at: timestamp.nullable(),
    })
    .nullable()
    .describe('The job that runs'),
  last_job: z
    .object({ job_id: z.string(), sequence: z.number().int(), status: jobStatus, reason: z.string().nullable(), ended_at: timestamp.nullable() })
    .nullable()
    .describe('The last one that ended: the current job, or the one before it while that runs'),
  metrics: z.record(z.string(), z.number()).describe('The mean of each over the devices of the last job that completed; of the first 100 names'),
  params: z.record(z.string(), answeredScalar).describe('The hyperparameters that were asked for, by their paths; one that is missing, a list or an object is left out'),
});

export const experimentListAnswer = page(experimentRow).extend({ total: z.number().int().describe('How many there are on all pages') });
