import type { AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { operation, reader, writer } from './access.js';
import { aggregationStrategy, answeredStrategy } from './aggregation-strategy.js';
import { deviceLabels } from './device-facts.js';
import { stopWhen } from './goal.js';
import { hexId } from './ids.js';
import { deviceStanding, jobDeviceRow, jobRow } from './job-facts.js';
import { jobKind } from './job-kind.js';
import { jobStatus } from './job-status.js';
import { downloadLink, modelDetails, modelReference } from './model.js';
import { longPageQuery, page } from './page.js';
import { epochSeconds } from './time.js';

const jobPath = z.object({ project_id: hexId, job_id: hexId });
const tenYears = 315_360_000;

/** The documented Job: these keys, no more and no fewer. Counts are decimal strings here and integers in requests. */
export const jobObject = z.object({
  ID: z.string(),
  status: jobStatus,
  devices: z.array(z.string()),
  aggregate_model: modelReference,
  start_model: modelReference,
  configuration: z.object({
    num_devices: z.string(),
    num_buffer_devices: z.string(),
    device_selection_strategy: z.string(),
    termination_criteria: z.array(
      z.object({
        type: z.literal('DurationTerminationCriteria'),
        max_duration_sec: z.string(),
        start_epoch_time: z.string().describe('"NONE" until the job starts'),
      }),
    ),
  }),
  models: z.record(z.string(), modelReference),
  created_on: epochSeconds,
  billable_size: z.string().describe('Bytes, as a decimal string'),
  project_id: z.string(),
  experiment_id: z.string(),
});
export type Job = z.infer<typeof jobObject>;

/** Whose devices may take part; left out, any of the project's. */
const deviceChoice = {
  device_ids: z
    .array(hexId)
    .min(1)
    .max(1000)
    .refine((ids) => new Set(ids).size === ids.length, 'must not have a device twice')
    .optional()
    .describe('The devices that may take part: `num_devices` and `num_buffer_devices` of them are drawn, and no other comes in the place of one'),
  device_labels: deviceLabels
    .refine((labels) => labels.length > 0, 'must have at least one label')
    .optional()
    .describe('The labels that a device must carry, all of them, to take part: it is drawn at random among those that do'),
};

/** What a job is asked for with. */
export const newJobParts = z.strictObject({
  project_id: hexId,
  experiment_id: hexId,
  num_devices: z.number().int().min(1).max(100_000),
  num_buffer_devices: z.number().int().min(0).max(100_000).default(0),
  min_devices: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('How many updates are enough once a termination criterion is met: those that have come then make its model, and with fewer it is cancelled'),
  device_selection_strategy: z.literal('RANDOM').default('RANDOM'),
  termination_criteria: z
    .array(
      z.strictObject({
        type: z.literal('DurationTerminationCriteria'),
        max_duration_sec: z.number().positive().max(tenYears),
      }),
    )
    .max(16)
    .default([]),
  device_timeout_sec: z
    .number()
    .min(1)
    .max(tenYears)
    .default(60)
    .describe('How long a device that was drawn may take to come for the job before another one may take its place'),
  aggregation_strategy: aggregationStrategy.optional().describe("How its updates become one model; the experiment's way when left out"),
  ...deviceChoice,
});

interface JobParts {
  readonly num_devices: number;
  readonly min_devices?: number | undefined;
  readonly termination_criteria: readonly unknown[];
  readonly device_ids?: unknown;
  readonly device_labels?: unknown;
  readonly kind?: 'TRAIN' | 'EVALUATE' | undefined;
  readonly aggregation_strategy?: unknown;
}

/** What the parts of a job have to be together; for `superRefine`. */
export function fitTogether({ num_devices, min_devices, termination_criteria, device_ids, device_labels, kind, aggregation_strategy }: JobParts, check: z.RefinementCtx): void {
  const fault = (name: keyof JobParts, message: string) => check.addIssue({ code: 'custom', path: [name], message });
  if (device_ids !== undefined && device_labels !== undefined) fault('device_labels', 'must not be there beside device_ids: a job chooses its devices in one way');
  if (kind === 'EVALUATE' && aggregation_strategy !== undefined) fault('aggregation_strategy', 'must not be there for a job that evaluates: it makes no model, and so aggregates none');
  if (min_devices === undefined) return;
  if (min_devices > num_devices) fault('min_devices', 'must not be more than num_devices');
  if (termination_criteria.length === 0) fault('min_devices', 'needs termination_criteria: a job without one waits for all of its devices');
}

const newJob = newJobParts.extend({ kind: jobKind.default('TRAIN') }).superRefine(fitTogether);

/** The most devices that one request has drawn: as many as the largest job takes. */
export const mostDrawn = 200_000;

export const job = {
  /**
   * Adds a job to the experiment's series. It starts at once when none is running, else when its turn comes. One of the kind
   * EVALUATE has devices measure the current model: it completes once all have answered, and makes no model.
   * @example const { body } = await vergeai.Job.create({ project_id, experiment_id, num_devices: 4 });
   */
  create: {
    method: 'POST',
    path: '/v1/job/create',
    body: newJob,
    responses: { 200: jobObject },
    summary: 'Create a job',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['start_model_missing', 'not_enough_devices', 'unknown_devices', 'strategy_needs_more_devices', 'strategy_too_many_devices'] }),
  },

  /**
   * Adds jobs with one configuration to the experiment's series, all of them or none. They run one after another, each from
   * the model that the one before it made, and each draws devices of its own. With `stop_when` those that are left are cancelled
   * once a metric has crossed a threshold, or does not get better any more; a retry of one of them counts as one of them.
   * @example const { body } = await vergeai.Job.create_series({ project_id, experiment_id, num_devices: 4, count: 10, stop_when: { metric: 'loss', mode: 'min', patience: 3 } });
   */
  create_series: {
    method: 'POST',
    path: '/v1/job/create_series',
    body: newJobParts
      .extend({ count: z.number().int().min(1).max(100).describe('How many jobs; no more than draw 200,000 devices together'), stop_when: stopWhen.optional() })
      .refine(({ count, num_devices, num_buffer_devices }) => count * (num_devices + num_buffer_devices) <= mostDrawn, {
        path: ['count'],
        error: 'so many jobs of this size would draw more than 200,000 devices together',
      })
      .superRefine(fitTogether),
    responses: { 200: z.object({ series_id: z.string(), job_ids: z.array(z.string()).describe('The new jobs, in their order') }) },
    summary: 'Create a series of jobs',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['start_model_missing', 'not_enough_devices', 'unknown_devices', 'strategy_needs_more_devices', 'strategy_too_many_devices'] }),
  },

  /**
   * Cancels a job that has not ended. The experiment's model stays where it was.
   * @example await vergeai.Job.cancel({ project_id, job_id });
   */
  cancel: {
    method: 'POST',
    path: '/v1/job/cancel',
    body: z.strictObject({ project_id: hexId, job_id: hexId }),
    responses: { 200: z.object({}) },
    summary: 'Cancel a job',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['job_ended'] }),
  },

  /**
   * A job as it is now.
   * @example const { body } = await vergeai.Job.get({ project_id, job_id });
   */
  get: {
    method: 'GET',
    path: '/v1/job/get/:project_id/:job_id',
    pathParams: jobPath,
    responses: { 200: jobObject },
    summary: 'Get a job',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * A signed link to the model the job starts from. Devices drawn for the job may ask too.
   * @example const { body } = await vergeai.Job.start_model({ project_id, job_id });
   */
  start_model: {
    method: 'GET',
    path: '/v1/job/start_model/:project_id/:job_id',
    pathParams: jobPath,
    responses: { 200: downloadLink },
    summary: "Get a signed link to the job's start model",
    metadata: operation({ statusCode: 200, access: { ...reader, device: 'drawn' }, refuses: ['device_not_drawn', 'job_not_started'] }),
  },

  /**
   * A signed link to what the job made, once it is COMPLETED. A job that evaluates makes nothing.
   * @example const { body } = await vergeai.Job.aggregate_model({ project_id, job_id });
   */
  aggregate_model: {
    method: 'GET',
    path: '/v1/job/aggregate_model/:project_id/:job_id',
    pathParams: jobPath,
    responses: { 200: downloadLink },
    summary: "Get a signed link to the job's aggregate model",
    metadata: operation({ statusCode: 200, access: reader, refuses: ['job_not_complete'] }),
  },

  /**
   * The jobs of an experiment, newest first, with how many of their devices stand how.
   * @example const { body } = await vergeai.Job.list({ project_id, experiment_id, status: 'COMPLETED' });
   */
  list: {
    method: 'GET',
    path: '/v1/job/list/:project_id/:experiment_id',
    pathParams: z.object({ project_id: hexId, experiment_id: hexId }),
    query: z.object({ ...longPageQuery, status: jobStatus.optional() }),
    responses: { 200: page(jobRow) },
    summary: 'List the jobs of an experiment',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * All there is to know of a job but its devices, which `Job.devices` lists.
   * @example const { body } = await vergeai.Job.describe({ project_id, job_id });
   */
  describe: {
    method: 'GET',
    path: '/v1/job/describe/:project_id/:job_id',
    pathParams: jobPath,
    responses: {
      200: jobRow.extend({
        experiment_id: z.string(),
        min_devices: z.number().int().nullable().describe('How many updates are enough once a termination criterion is met; null: only all'),
        device_selection_strategy: z.string(),
        device_ids: z.array(z.string()).nullable().describe('The devices that may take part; null: not named'),
        device_labels: z.array(z.string()).nullable().describe('The labels that a device must carry to take part; null: none'),
        aggregation_strategy: answeredStrategy.nullable().describe('How its updates become one model; null: it evaluates'),
        is_complete: z.boolean().nullable().describe('Whether it completed with the answers of all `num_devices`, and not by its deadline with `num_updates` of them; null until it is COMPLETED'),
        termination_criteria: z.array(z.object({ type: z.literal('DurationTerminationCriteria'), max_duration_sec: z.number() })),
        created_by: z.string().nullable().describe('The user who asked for it'),
        duration_sec: z.number().nullable().describe('From the start to the end, or to now'),
        mean: z.record(z.string(), z.number()).describe('Of each metric over the devices that have submitted, weighted by `num_examples`; of the first 100 names'),
        num_examples: z.number().nullable().describe('Of all of them together'),
        start_model: modelDetails.nullable(),
        aggregate_model: modelDetails.nullable(),
        aggregation: z
          .object({ attempts: z.number().int(), last_error: z.string().nullable().describe('Why the last attempt that failed did') })
          .nullable()
          .describe('How its aggregation goes, or went in the last seven days'),
      }),
    },
    summary: 'Describe a job in full',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * The devices of a job in the order in which they were drawn, each with how it stands to the job and how far it is.
   * @example const { body } = await vergeai.Job.devices({ project_id, job_id, state: 'late' });
   */
  devices: {
    method: 'GET',
    path: '/v1/job/devices/:project_id/:job_id',
    pathParams: jobPath,
    query: z.object({ ...longPageQuery, state: deviceStanding.optional() }),
    responses: { 200: page(jobDeviceRow) },
    summary: 'List the devices of a job',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * A new job, last in line, with the configuration of one that was cancelled or failed.
   * @example const { body } = await vergeai.Job.retry({ project_id, job_id });
   */
  retry: {
    method: 'POST',
    path: '/v1/job/retry',
    body: z.strictObject({ project_id: hexId, job_id: hexId }),
    responses: { 200: jobObject },
    summary: 'Retry a job that was cancelled or failed',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['job_not_retryable', 'not_enough_devices'] }),
  },
} as const satisfies AppRouter;
