import { z } from 'zod';
import { metricName } from './experiment-list.js';
import { hexId } from './ids.js';
import { answeredObject } from './json.js';
import { nameList } from './name-list.js';
import { timestamp } from './time.js';

export const MOST_COMPARED = 20;

export const projectCompareQuery = z.object({
  experiment_ids: nameList(hexId, MOST_COMPARED)
    .refine((ids) => ids.length > 1, 'must name at least two')
    .refine((ids) => new Set(ids).size === ids.length, 'must not name one twice')
    .describe('The experiments, 2 to 20, separated by commas'),
  names: nameList(metricName, 10).optional().describe('Which metrics, separated by commas; the first six of all that they have when left out'),
  max_points: z.coerce.number<number>().int().min(100).max(5000).default(1000).describe('How many jobs of each at most; of more, those stay that show every outlier'),
});

/** Curves of experiments in columns, a set of them for each: the n-th entry of each is of the n-th job that completed. */
export const projectCompareAnswer = z.object({
  experiments: z
    .array(
      z.object({
        experiment_id: z.string(),
        name: z.string().nullable(),
        hyperparameters: answeredObject,
        sequence: z.array(z.number().int()).describe('The numbers of its jobs that completed, in ascending order; every other column has as many entries'),
        ended_at: z.array(timestamp).describe('When each ended'),
        elapsed_sec: z.array(z.number()).describe('How long after the start of the first of its jobs each ended, in seconds'),
        examples_seen: z
          .array(z.number().nullable())
          .describe('How many examples devices trained on up to the end of each, in all jobs that completed until then; null when none said'),
        mean: z.record(z.string(), z.array(z.number().nullable())).describe('By metric, the mean over the devices of each job, weighted by their examples; null: none reported it'),
        thinned: z.number().int().describe('1: every job that completed is there; n: about one of n is'),
      }),
    )
    .describe('In the order in which they were asked for'),
  differing: z
    .array(z.string())
    .describe('Where their hyperparameters differ, as paths such as `lr`, `optimizer.name`, `layers.0`: the first thousand. A path at which one has nothing is there, too'),
  names: z.array(z.string()).describe('All metrics that they have: the first thousand names'),
});
