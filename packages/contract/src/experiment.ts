import { initContract, type AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { manager, operation, reader, writer } from './access.js';
import { aggregationStrategy, answeredStrategy } from './aggregation-strategy.js';
import { eventLogAnswer, eventLogQuery } from './events/log-query.js';
import { experimentListAnswer, experimentListQuery, experimentTags } from './experiment-list.js';
import { answeredKeepBest, answeredStopWhen, keepBest } from './goal.js';
import { hexId } from './ids.js';
import { jobKind } from './job-kind.js';
import { jobStatus, waitingFor } from './job-status.js';
import { answeredObject, jsonObject } from './json.js';
import { metricSeriesAnswer, metricSeriesQuery } from './metric-series.js';
import { downloadLink, inlineModel, modelDetails, modelFormat, modelReference, uploadTicket } from './model.js';
import { page, pageQuery } from './page.js';
import { text } from './text.js';
import { timestamp } from './time.js';

const c = initContract();

const experimentPath = z.object({ project_id: hexId, experiment_id: hexId });
const hyperparameters = jsonObject(64 * 1024);
const experimentName = text(1, 200);
const experimentDescription = text(0, 10_000);

/** The documented Experiment: these keys, no more and no fewer. */
export const experimentObject = z.object({
  ID: z.string(),
  jobs: z.array(z.string()),
  hyperparameters: answeredObject,
  current_job: z.string(),
  start_model: modelReference,
  current_model: modelReference,
  is_active: z.boolean(),
});
export type Experiment = z.infer<typeof experimentObject>;

const forkPoint = z.string().regex(/^(start|current|best|[0-9a-f]{32})$/, 'must be "start", "current", "best" or a job id');

export const deviceReport = z.object({
  device_id: z.string(),
  num_examples: z.number().nullable(),
  metrics: z.record(z.string(), z.number()),
});

export const experiment = {
  /**
   * Creates an experiment: one model + hyperparameters configuration, and the series of jobs that will train it.
   * @example const { body } = await vergeai.Experiment.create({ project_id, hyperparameters: { learning_rate: 0.01 } });
   */
  create: {
    method: 'POST',
    path: '/v1/experiment/create',
    body: z.strictObject({
      project_id: hexId,
      hyperparameters: hyperparameters.optional(),
      experiment_name: experimentName.optional(),
      experiment_description: experimentDescription.optional(),
      aggregation_strategy: aggregationStrategy.optional(),
      keep_best: keepBest.optional(),
    }),
    responses: { 200: experimentObject },
    summary: 'Create an experiment',
    metadata: operation({ statusCode: 204, access: writer }),
  },

  /**
   * An experiment as it is now.
   * @example const { body } = await vergeai.Experiment.get({ project_id, experiment_id });
   */
  get: {
    method: 'GET',
    path: '/v1/experiment/get/:project_id/:experiment_id',
    pathParams: experimentPath,
    responses: { 200: experimentObject },
    summary: 'Get an experiment',
    metadata: operation({ statusCode: 204, access: reader }),
  },

  /**
   * Submits the experiment's start model: inline as a dictionary (204), or without `model` for an upload ticket (200).
   * Registered before it is answered, so a read that follows sees it. A second start model is refused.
   * @example await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model: './model.safetensors' });
   */
  submit_start_model: {
    method: 'POST',
    path: '/v1/experiment/submit_start_model',
    body: z.strictObject({
      project_id: hexId,
      experiment_id: hexId,
      model: inlineModel.optional(),
      block: z.boolean().optional(),
    }),
    responses: { 200: uploadTicket, 204: c.noBody() },
    summary: "Submit an experiment's start model, or ask for an upload ticket",
    metadata: operation({ statusCode: 204, access: writer, carriesModel: true, refuses: ['start_model_already_submitted'] }),
  },

  /**
   * The experiments of a project, newest first or sorted, with what a table of them shows: how they go, how the last job went, and
   * the hyperparameters and metrics that are asked for.
   * @example const { body } = await vergeai.Experiment.list({ project_id, q: 'digits', sort: 'metric', metric: 'loss', order: 'asc' });
   */
  list: {
    method: 'GET',
    path: '/v1/experiment/list/:project_id',
    pathParams: z.object({ project_id: hexId }),
    query: experimentListQuery,
    responses: { 200: experimentListAnswer },
    summary: 'List the experiments of a project',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * All there is to know of an experiment; its jobs come newest first, a page at a time.
   * @example const { body } = await vergeai.Experiment.describe({ project_id, experiment_id });
   */
  describe: {
    method: 'GET',
    path: '/v1/experiment/describe/:project_id/:experiment_id',
    pathParams: experimentPath,
    query: z.object(pageQuery),
    responses: {
      200: z.object({
        experiment_id: z.string(),
        project_id: z.string(),
        name: z.string().nullable(),
        description: z.string().nullable(),
        hyperparameters: answeredObject,
        status: z.enum(['active', 'idle']),
        current_job: z.string(),
        num_jobs: z.number().int(),
        forked_from: z.string().nullable(),
        tags: z.array(z.string()),
        archived_at: timestamp.nullable(),
        paused_at: timestamp.nullable(),
        start_model: modelDetails.nullable(),
        current_model: modelDetails.nullable(),
        keep_best: answeredKeepBest.nullable().describe('By which metric the best model is chosen; null: none is'),
        best_model: z
          .object({ job_id: z.string(), sequence: z.number().int(), value: z.number().describe('What the metric was'), sha256: z.string() })
          .nullable()
          .describe('The best that jobs have made so far; of equals the first'),
        series: z
          .array(
            z.object({
              series_id: z.string(),
              status: z.enum(['running', 'stopped', 'ended']).describe('"stopped" by its rule, "ended" because no job of it is left'),
              num_jobs: z.number().int(),
              num_completed: z.number().int().describe('How many have completed'),
              num_ended: z.number().int().describe('How many have completed, failed or been cancelled'),
              stop_when: answeredStopWhen.nullable().describe('When the rest of it is cancelled; null: never'),
              best: z.object({ job_id: z.string(), sequence: z.number().int(), value: z.number() }).nullable().describe('The best value of the metric so far; null: no device has reported it'),
              stalled: z.number().int().describe('How many jobs in a row have been no better'),
              stopped: z.object({ at: timestamp, reason: z.string() }).nullable(),
              created_at: timestamp,
            }),
          )
          .describe('What was asked for by `Job.create_series`: the newest 20'),
        aggregation_strategy: answeredStrategy,
        server_state: z
          .object({
            t: z.number().int().describe('How many rounds have stepped'),
            size: z.number().int().describe('Its bytes'),
            sha256: z.string(),
            clipping_norm: z.number().nullable().describe('How far updates may lie in the next round, where that adapts'),
          })
          .nullable()
          .describe('What the strategy keeps from round to round'),
        privacy: z
          .object({
            epsilon: z.number(),
            delta: z.number(),
            rounds: z.number().int().describe('How many rounds had noise'),
          })
          .nullable()
          .describe('How private the current model is towards a device, by the noise of all rounds so far; without any claim for the drawing of devices'),
        created_at: timestamp,
        updated_at: timestamp,
        jobs: page(
          z.object({
            job_id: z.string(),
            sequence: z.number().int(),
            series_id: z.string().nullable().describe('The series that it is part of'),
            kind: jobKind,
            status: jobStatus,
            reason: z.string().nullable().describe('Why it was cancelled or failed'),
            num_devices: z.number().int(),
            num_updates: z.number().int(),
            device_timeout_sec: z.number(),
            aggregation_strategy: answeredStrategy.nullable().describe('How its updates become one model; null: it evaluates'),
            waiting_for: waitingFor,
            devices: z.array(
              deviceReport.extend({
                state: z.enum(['drawn', 'training', 'submitted', 'replaced']),
                submitted_at: timestamp.nullable(),
                aggregation: z
                  .object({
                    coefficient: z.number().nullable().describe('How much its numbers count; null where that differs from number to number'),
                    selected: z.boolean(),
                    update_norm: z.number().nullable().describe('How far its update lay from the start model, where that was measured'),
                    clipped: z.boolean().nullable(),
                  })
                  .nullable()
                  .describe('What became of its update; null before the job completes, and for jobs of more than 1,000 devices'),
              }),
            ),
            start_model: modelDetails.nullable(),
            aggregate_model: modelDetails.nullable(),
            created_at: timestamp,
            started_at: timestamp.nullable(),
            ended_at: timestamp.nullable(),
            duration_sec: z.number().nullable().describe('From the start to the end, or to now'),
          }),
        ),
      }),
    },
    summary: 'Describe an experiment in full',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * Changes an experiment: name, description, tags, and, until the first job exists, hyperparameters and aggregation strategy;
   * `null` clears a text. What is archived is left out of lists unless it is asked for, and goes on as before otherwise.
   * @example await vergeai.Experiment.update({ project_id, experiment_id, experiment_name: 'Baseline', tags: ['paper'] });
   */
  update: {
    method: 'POST',
    path: '/v1/experiment/update',
    body: z.strictObject({
      project_id: hexId,
      experiment_id: hexId,
      experiment_name: experimentName.nullable().optional(),
      experiment_description: experimentDescription.nullable().optional(),
      hyperparameters: hyperparameters.optional(),
      tags: experimentTags.optional().describe('In the place of those that it has'),
      archived: z.boolean().optional(),
      aggregation_strategy: aggregationStrategy.optional(),
      keep_best: keepBest.nullable().optional().describe('By which metric the best model is chosen, also of those that there are; null: none is'),
    }),
    responses: { 200: experimentObject },
    summary: 'Update an experiment',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['strategy_fixed', 'hyperparameters_fixed'] }),
  },

  /**
   * Deletes an experiment with its jobs, models, metrics and log. Jobs that run are over for their devices. Forks of it stay.
   * @example await vergeai.Experiment.delete({ project_id, experiment_id });
   */
  delete: {
    method: 'POST',
    path: '/v1/experiment/delete',
    body: z.strictObject({ project_id: hexId, experiment_id: hexId }),
    responses: { 200: z.object({}) },
    summary: 'Delete an experiment',
    metadata: operation({ statusCode: 200, access: manager }),
  },

  /**
   * A new experiment whose start model is a model of this one: its start, its current, its best, or the aggregate of a job.
   * @example const { body } = await vergeai.Experiment.fork({ project_id, experiment_id, from: 'current' });
   */
  fork: {
    method: 'POST',
    path: '/v1/experiment/fork',
    body: z.strictObject({
      project_id: hexId,
      experiment_id: hexId,
      from: forkPoint.default('current').describe('"start", "current", "best" or a job id'),
      hyperparameters: hyperparameters.optional().describe("The parent's when left out"),
      experiment_name: experimentName.optional(),
      experiment_description: experimentDescription.optional(),
      aggregation_strategy: aggregationStrategy.optional().describe("How the updates of its jobs become one model; the parent's way when left out"),
      keep_best: keepBest.optional().describe("By which metric its best model is chosen; the parent's when left out"),
    }),
    responses: { 200: experimentObject },
    summary: 'Fork an experiment from one of its models',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['start_model_missing', 'best_model_missing', 'job_not_found', 'job_not_complete'] }),
  },

  /**
   * Makes a model that the experiment had before its current one again: its start model, its best, or what a job made. The next job goes on
   * from there; jobs, models and metrics stay as they are. Only while no job runs or waits.
   * @example const { body } = await vergeai.Experiment.rollback({ project_id, experiment_id, to: job_id, reason: 'it diverged' });
   */
  rollback: {
    method: 'POST',
    path: '/v1/experiment/rollback',
    body: z.strictObject({
      project_id: hexId,
      experiment_id: hexId,
      to: z.string().regex(/^(start|best|[0-9a-f]{32})$/, 'must be "start", "best" or a job id').describe('"start", "best" or the id of a COMPLETED job'),
      reason: text(1, 1000).optional().describe('Why, for the log'),
    }),
    responses: { 200: z.object({ current_model: modelDetails }) },
    summary: 'Roll an experiment back to a model that it had',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['start_model_missing', 'best_model_missing', 'job_not_found', 'job_not_complete', 'experiment_busy', 'model_not_found'] }),
  },

  /**
   * Lets no further job of the experiment start. One that runs goes on to its end, and its model becomes the current one; those in
   * line, and those that are added, wait until the experiment is resumed, also over a restart of the server.
   * @example await vergeai.Experiment.pause({ project_id, experiment_id, reason: 'new data on Monday' });
   */
  pause: {
    method: 'POST',
    path: '/v1/experiment/pause',
    body: z.strictObject({ project_id: hexId, experiment_id: hexId, reason: text(1, 1000).optional().describe('Why, for the log') }),
    responses: { 200: z.object({ paused_at: timestamp }) },
    summary: "Pause an experiment's series of jobs",
    metadata: operation({ statusCode: 200, access: writer }),
  },

  /**
   * Lets jobs of a paused experiment start again, the first in line at once.
   * @example await vergeai.Experiment.resume({ project_id, experiment_id });
   */
  resume: {
    method: 'POST',
    path: '/v1/experiment/resume',
    body: z.strictObject({ project_id: hexId, experiment_id: hexId }),
    responses: { 200: z.object({ paused_at: z.null() }) },
    summary: 'Resume a paused experiment',
    metadata: operation({ statusCode: 200, access: writer }),
  },

  /**
   * A signed link to the start model.
   * @example const { body } = await vergeai.Experiment.start_model({ project_id, experiment_id });
   */
  start_model: {
    method: 'GET',
    path: '/v1/experiment/start_model/:project_id/:experiment_id',
    pathParams: experimentPath,
    responses: { 200: downloadLink },
    summary: 'Get a signed link to the start model',
    metadata: operation({ statusCode: 200, access: reader, refuses: ['start_model_missing'] }),
  },

  /**
   * A signed link to the model as trained so far.
   * @example const { body } = await vergeai.Experiment.current_model({ project_id, experiment_id });
   */
  current_model: {
    method: 'GET',
    path: '/v1/experiment/current_model/:project_id/:experiment_id',
    pathParams: experimentPath,
    responses: { 200: downloadLink },
    summary: 'Get a signed link to the current model',
    metadata: operation({ statusCode: 200, access: reader, refuses: ['start_model_missing'] }),
  },

  /**
   * A signed link to the best model so far, by the metric of `keep_best`.
   * @example const { body } = await vergeai.Experiment.best_model({ project_id, experiment_id });
   */
  best_model: {
    method: 'GET',
    path: '/v1/experiment/best_model/:project_id/:experiment_id',
    pathParams: experimentPath,
    responses: { 200: downloadLink },
    summary: 'Get a signed link to the best model',
    metadata: operation({ statusCode: 200, access: reader, refuses: ['start_model_missing', 'best_model_missing'] }),
  },

  /**
   * What happened to the experiment, oldest first, after event number `after`; or newest first, before event number `before`.
   * @example const { body } = await vergeai.Experiment.events({ project_id, experiment_id, after: 12 });
   */
  events: {
    method: 'GET',
    path: '/v1/experiment/events/:project_id/:experiment_id',
    pathParams: experimentPath,
    query: eventLogQuery,
    responses: { 200: eventLogAnswer },
    summary: 'Read the event log',
    metadata: operation({ statusCode: 200, access: reader, streams: true }),
  },

  /**
   * What devices reported, job by job, newest first, with the mean weighted by `num_examples`, and step by step. A page
   * ends early when its reports would be many; `next_cursor` goes on.
   * @example const { body } = await vergeai.Experiment.metrics({ project_id, experiment_id });
   */
  metrics: {
    method: 'GET',
    path: '/v1/experiment/metrics/:project_id/:experiment_id',
    pathParams: experimentPath,
    query: z.object(pageQuery),
    responses: {
      200: page(
        z.object({
          job_id: z.string(),
          sequence: z.number().int(),
          kind: jobKind,
          status: jobStatus,
          num_devices: z.number().int().describe('How many devices it asks for; those below have answered'),
          devices: z.array(deviceReport).describe('What each device sent with its update'),
          mean: z.record(z.string(), z.number()),
          reports: z
            .array(
              z.object({
                device_id: z.string(),
                num_reports: z.number().int().describe('How many are kept; fewer points mean that some in between were left out of this answer'),
                points: z.array(z.object({ step: z.number(), metrics: z.record(z.string(), z.number()), reported_at: timestamp })),
              }),
            )
            .describe('What devices reported step by step, also while the job runs; of the first 100 devices'),
        }),
      ),
    },
    summary: 'Read the reported metrics',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * How metrics went from job to job, in columns for a chart: all jobs up to `max_points`, and of more those that show where
   * a curve begins, ends and has its extremes. What each device sent, exactly, is in `Experiment.metrics`.
   * @example const { body } = await vergeai.Experiment.metric_series({ project_id, experiment_id, names: 'loss', devices: 'all' });
   */
  metric_series: {
    method: 'GET',
    path: '/v1/experiment/metric_series/:project_id/:experiment_id',
    pathParams: experimentPath,
    query: metricSeriesQuery,
    responses: { 200: metricSeriesAnswer },
    summary: 'Read metrics as series',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * Which model came of which: those of this experiment, those from which its start model came, and those of its forks and of
   * their forks. The newest 2,000 of them.
   * @example const { body } = await vergeai.Experiment.lineage({ project_id, experiment_id });
   */
  lineage: {
    method: 'GET',
    path: '/v1/experiment/lineage/:project_id/:experiment_id',
    pathParams: experimentPath,
    responses: {
      200: z.object({
        nodes: z
          .array(
            z.object({
              name: z.string().describe('The name by which edges mean it'),
              sha256: z.string(),
              kind: z.enum(['start', 'aggregate']).describe('What it is of its experiment: its start model, or what a job made'),
              size: z.number().int(),
              format: modelFormat,
              experiment_id: z.string(),
              experiment_name: z.string().nullable(),
              job_id: z.string().nullable().describe('The job that made it; null for a start model'),
              sequence: z.number().int().nullable().describe('The number of that job'),
              created_at: timestamp,
              is_current: z.boolean().describe('Whether it is the current model of its experiment'),
            }),
          )
          .describe('The models, newest first'),
        edges: z
          .array(z.object({ parent: z.string().describe('The name of the one that was there before'), child: z.string().describe('The name of the one that was trained or forked from it') }))
          .describe('Between those of `nodes`'),
        truncated: z.boolean().describe('Whether there are older ones'),
      }),
    },
    summary: 'Read which model came of which',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * What a model is made of, without its numbers: its tensors in the order of the file. All models of an experiment are made of
   * the same.
   * @example const { body } = await vergeai.Experiment.model_layout({ project_id, experiment_id, model: 'start' });
   */
  model_layout: {
    method: 'GET',
    path: '/v1/experiment/model_layout/:project_id/:experiment_id',
    pathParams: experimentPath,
    query: z.object({ model: forkPoint.default('current').describe('"start", "current", "best" or the id of a COMPLETED job') }),
    responses: {
      200: z.object({
        format: modelFormat,
        tensors: z
          .array(
            z.object({
              name: z.string(),
              dtype: z.string().describe('What kind of numbers it has, such as `F32`'),
              shape: z.array(z.number().int()).describe('Its dimensions, outermost first; empty: a single number'),
            }),
          )
          .describe('In the order of the file'),
        num_parameters: z.number().int().describe('How many numbers they have, all together'),
      }),
    },
    summary: "Read a model's tensors",
    metadata: operation({ statusCode: 200, access: reader, refuses: ['start_model_missing', 'best_model_missing', 'job_not_found', 'job_not_complete'] }),
  },
} as const satisfies AppRouter;
