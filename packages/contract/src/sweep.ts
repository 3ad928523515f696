import type { AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { operation, reader, writer } from './access.js';
import { answeredStrategy } from './aggregation-strategy.js';
import { metricName } from './experiment-list.js';
import { answeredStopWhen, stopWhen } from './goal.js';
import { hexId } from './ids.js';
import { fitTogether, mostDrawn, newJobParts } from './job.js';
import { answeredObject } from './json.js';
import { page, pageQuery } from './page.js';
import { boundedPaths, gridSize, MOST_VALUES, searchSpace } from './search-space.js';
import { text } from './text.js';
import { timestamp } from './time.js';

const MOST_MEMBERS = MOST_VALUES;
const MOST_JOBS = 1280;
const MOST_JOBS_A_MEMBER = 100;
const LARGEST_SEED = 2 ** 31 - 1;

/** How the jobs of a sweep are configured: as those of a series. */
const sweepJob = newJobParts.omit({ project_id: true, experiment_id: true }).extend({ stop_when: stopWhen.optional() }).superRefine(fitTogether);

const newSweep = z
  .strictObject({
    project_id: hexId,
    experiment_id: hexId.describe('Which experiment is forked, from its current model'),
    sweep_name: text(1, 150).optional(),
    hyperparameters: searchSpace.describe(
      "Which hyperparameters are tried, by path: `lr`, or `optimizer.lr` within an object. Each has `values`, or `min`, `max` and `scale` to be drawn from; all others are the experiment's",
    ),
    method: z.enum(['grid', 'random']).describe('`grid`: every combination of the values; `random`: so many as `count` says, each drawn for itself'),
    count: z.number().int().min(1).max(MOST_MEMBERS).optional().describe('How many forks are drawn; for `random` alone'),
    seed: z.number().int().min(0).max(LARGEST_SEED).optional().describe('What they are drawn by: the same seed draws the same; for `random` alone, and drawn when left out'),
    num_jobs: z.number().int().min(1).max(MOST_JOBS_A_MEMBER).describe('How many jobs each fork trains'),
    job: sweepJob.describe('How each of the jobs is configured, as for `Job.create_series`'),
    metric: metricName.describe('By which metric forks are ranked: its mean over the devices of a job'),
    mode: z.enum(['min', 'max']),
  })
  .superRefine(({ hyperparameters, method, count, seed, num_jobs, job }, check) => {
    const fault = (path: readonly PropertyKey[], message: string) => check.addIssue({ code: 'custom', path: [...path], message });
    let numMembers = count;
    if (method === 'random') {
      if (count === undefined) fault(['count'], 'is required to draw at random');
    } else {
      if (count !== undefined) fault(['count'], 'must not be there for a grid, which has every combination');
      if (seed !== undefined) fault(['seed'], 'must not be there for a grid, of which nothing is drawn');
      const bounded = boundedPaths(hyperparameters);
      for (const path of bounded) fault(['hyperparameters', path], 'must have values: a grid has no numbers between bounds');
      numMembers = bounded.length === 0 ? gridSize(hyperparameters) : undefined;
      if (numMembers !== undefined && numMembers > MOST_MEMBERS) fault(['hyperparameters'], `must have at most ${MOST_MEMBERS} combinations, and has ${numMembers}`);
    }
    if (numMembers === undefined || numMembers > MOST_MEMBERS) return;
    const jobs = numMembers * num_jobs;
    if (jobs > MOST_JOBS) fault(['num_jobs'], `must be at most ${Math.floor(MOST_JOBS / numMembers)} for ${numMembers} forks: a sweep has at most ${MOST_JOBS} jobs`);
    else if (jobs * (job.num_devices + job.num_buffer_devices) > mostDrawn) fault(['num_jobs'], `so many jobs of this size would draw more than ${mostDrawn.toLocaleString('en')} devices together`);
  });

const swept = answeredObject.describe('Which hyperparameters were chosen for it, by path');
const sweepStatus = z.enum(['RUNNING', 'COMPLETED', 'CANCELLED']).describe('RUNNING while a job of one of its forks runs or waits, CANCELLED once somebody cancelled it');
const reached = z.object({ job_id: z.string(), sequence: z.number().int(), value: z.number() });

const sweepRow = z.object({
  sweep_id: z.string(),
  name: z.string().nullable(),
  experiment_id: z.string().describe('Which experiment was forked; it may have been deleted since'),
  method: z.enum(['grid', 'random']),
  metric: z.string(),
  mode: z.enum(['min', 'max']),
  status: sweepStatus,
  num_members: z.number().int().describe('How many forks there are; deleted ones are not counted'),
  created_at: timestamp,
  cancelled_at: timestamp.nullable().describe('When somebody cancelled it; null: nobody did'),
});

export const sweep = {
  /**
   * Tries hyperparameters: forks an experiment once for every combination of a grid, or for so many at random, and gives each fork
   * jobs to train. All of it is there at once, or nothing. At most 256 forks and 1,280 jobs.
   * @example const { body } = await vergeai.Sweep.create({ project_id, experiment_id, hyperparameters: { lr: { values: [0.1, 0.01] } }, method: 'grid', num_jobs: 5, job: { num_devices: 2 }, metric: 'loss', mode: 'min' });
   */
  create: {
    method: 'POST',
    path: '/v1/sweep/create',
    body: newSweep,
    responses: {
      200: z.object({
        sweep_id: z.string(),
        seed: z.number().int().nullable().describe('What the forks were drawn by; null for a grid'),
        members: z.array(z.object({ experiment_id: z.string(), series_id: z.string(), hyperparameters: swept })).describe('The forks, in the order in which they were made'),
      }),
    },
    summary: 'Try hyperparameters on forks of an experiment',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['start_model_missing', 'not_enough_devices', 'unknown_devices', 'strategy_needs_more_devices', 'strategy_too_many_devices'] }),
  },

  /**
   * A sweep with its forks, the best one first. A fork counts by the best value that one of its jobs reached; of equal ones the
   * first that was made comes first, and those without a value come last. A fork that was deleted is not there any more.
   * @example const { body } = await vergeai.Sweep.describe({ project_id, sweep_id });
   */
  describe: {
    method: 'GET',
    path: '/v1/sweep/describe/:project_id/:sweep_id',
    pathParams: z.object({ project_id: hexId, sweep_id: hexId }),
    responses: {
      200: sweepRow.extend({
        hyperparameters: answeredObject.describe('Which hyperparameters are tried, as they were sent'),
        seed: z.number().int().nullable().describe('What the forks were drawn by; null for a grid'),
        num_jobs: z.number().int().describe('How many jobs each fork was given'),
        job: z
          .object({
            num_devices: z.number().int(),
            num_buffer_devices: z.number().int(),
            min_devices: z.number().int().nullable().describe('How many updates are enough once a termination criterion is met; null: only all'),
            device_selection_strategy: z.string(),
            termination_criteria: z.array(z.object({ type: z.literal('DurationTerminationCriteria'), max_duration_sec: z.number() })),
            device_timeout_sec: z.number(),
            device_ids: z.array(z.string()).nullable().describe('The devices that may take part; null: not named'),
            device_labels: z.array(z.string()).nullable().describe('The labels that a device must carry to take part; null: none'),
            aggregation_strategy: answeredStrategy.nullable().describe("How updates become one model; null: the experiment's way"),
            stop_when: answeredStopWhen.nullable().describe('When the rest of the jobs of a fork is cancelled; null: never'),
          })
          .describe('How each of the jobs is configured'),
        created_by: z.string().nullable().describe('The user who asked for it'),
        members: z
          .array(
            z.object({
              position: z.number().int().describe('In which order forks were made, from 1'),
              experiment_id: z.string(),
              name: z.string().nullable(),
              hyperparameters: swept,
              status: z.enum(['running', 'ended']).describe('Whether a job of it runs or waits'),
              num_jobs: z.number().int(),
              num_completed: z.number().int().describe('How many of them are COMPLETED'),
              num_ended: z.number().int().describe('How many of them have ended: COMPLETED, CANCELLED or FAILED'),
              best: reached.nullable().describe('The job in which the metric was best, and what it was there; null: none has reported it'),
              last: reached.nullable().describe('The last job that completed, and what the metric was there; null: it has not reported it'),
              stopped: z.object({ at: timestamp, reason: z.string() }).nullable(),
            }),
          )
          .describe('The forks, the best one first'),
      }),
    },
    summary: 'Describe a sweep, its forks ranked',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * The sweeps of a project, newest first.
   * @example const { body } = await vergeai.Sweep.list({ project_id });
   */
  list: {
    method: 'GET',
    path: '/v1/sweep/list/:project_id',
    pathParams: z.object({ project_id: hexId }),
    query: z.object(pageQuery),
    responses: { 200: page(sweepRow) },
    summary: 'List the sweeps of a project',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * Cancels every job of the forks of a sweep that has not ended. Forks, their models and what they reached stay. Of a sweep that is
   * COMPLETED, or was cancelled before, nothing is left to cancel.
   * @example const { body } = await vergeai.Sweep.cancel({ project_id, sweep_id });
   */
  cancel: {
    method: 'POST',
    path: '/v1/sweep/cancel',
    body: z.strictObject({ project_id: hexId, sweep_id: hexId }),
    responses: { 200: z.object({ status: sweepStatus, num_cancelled: z.number().int().describe('How many jobs were cancelled') }) },
    summary: 'Cancel a sweep',
    metadata: operation({ statusCode: 200, access: writer }),
  },
} as const satisfies AppRouter;
