import { initContract, type AppRouter } from '@ts-rest/core';
import { z } from 'zod';
import { device as deviceOnly, operation, reader, writer } from './access.js';
import { deviceConfig, deviceLabel, deviceLabels, deviceName, deviceRow, presence } from './device-facts.js';
import { hexId } from './ids.js';
import { jobKind } from './job-kind.js';
import { answeredObject } from './json.js';
import { inlineModel, modelFormat, presignedUpload, uploadTicket } from './model.js';
import { page, pageQuery } from './page.js';
import { text } from './text.js';
import { timestamp } from './time.js';
import { numExamples, reportedMetrics } from './update-report.js';

const c = initContract();

const createDevice = {
  method: 'POST',
  body: z.strictObject({
    project_id: hexId,
    device_name: deviceName.optional(),
    labels: deviceLabels.optional(),
    config: deviceConfig.optional(),
    ephemeral: z.boolean().optional().describe('Delete it when it has not been seen for ten minutes'),
  }),
  responses: { 200: z.object({ device_id: z.string(), device_api_key: z.string() }) },
  summary: 'Register a device',
  description: "The device's key is in this answer and nowhere else.",
  metadata: operation({ statusCode: 200, access: writer }),
} as const;

/** How far a device is. Of it nothing but the last is kept; `report_metrics` keeps everything. */
const progress = z.strictObject({
  fraction: z.number().min(0).max(1).optional(),
  step: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  metrics: reportedMetrics.refine((metrics) => Object.keys(metrics).length <= 20, 'must have at most 20 entries').optional(),
});

/** So many reports of one device in one job are kept. */
const MOST_REPORTS = 1000;

/** A device's hold on a job: keep it with `heartbeat` before it lapses. */
export const lease = z.object({
  expires_at: timestamp,
  duration_sec: z.number(),
});

export const device = {
  /**
   * Registers a device. Its key is shown once.
   * @example const { body } = await vergeai.Device.create({ project_id });
   */
  create: { path: '/v1/device/create', ...createDevice },

  /**
   * The same as `create`, under the path that some published clients use.
   * @example const { body } = await vergeai.Device.register({ project_id });
   */
  register: { path: '/v1/device/register', ...createDevice },

  /**
   * Whether the job waits for an update of this device.
   * @example const { body } = await vergeai.Device.is_active({ project_id, job_id, device_id });
   */
  is_active: {
    method: 'GET',
    path: '/v1/device/is_active/:project_id/:job_id/:device_id',
    pathParams: z.object({ project_id: hexId, job_id: hexId, device_id: hexId }),
    responses: { 200: z.object({ is_device_active: z.boolean() }) },
    summary: 'Ask whether a device is active in a job',
    metadata: operation({ statusCode: 200, access: { ...reader, device: 'itself' } }),
  },

  /**
   * Submits the model that this device trained: inline (204), or without `model` for an upload ticket (200).
   * @example await vergeai.Device.submit_model_update({ project_id, job_id, model, num_examples: 512 });
   */
  submit_model_update: {
    method: 'POST',
    path: '/v1/device/submit_model_update',
    body: z.strictObject({
      project_id: hexId,
      job_id: hexId,
      model: inlineModel.optional(),
      num_examples: numExamples.optional(),
      metrics: reportedMetrics.optional(),
      device_id: hexId.optional(),
      block: z.boolean().optional(),
    }),
    responses: { 200: uploadTicket, 204: c.noBody() },
    summary: 'Submit a model update, or ask for an upload ticket',
    metadata: operation({ statusCode: 200, access: deviceOnly, carriesModel: true, refuses: ['permission_denied', 'device_not_drawn', 'job_not_started', 'job_closed', 'num_examples_mixed', 'metric_required', 'update_already_submitted', 'job_evaluates'] }),
  },

  /**
   * Submits what this device measured of the model that it was given, for a job of the kind EVALUATE. The same once more gets
   * the same answer.
   * @example await vergeai.Device.submit_evaluation({ project_id, job_id, metrics: { accuracy: 0.93 }, num_examples: 512 });
   */
  submit_evaluation: {
    method: 'POST',
    path: '/v1/device/submit_evaluation',
    body: z.strictObject({
      project_id: hexId,
      job_id: hexId,
      metrics: reportedMetrics.refine((metrics) => Object.keys(metrics).length > 0, 'must have at least one entry'),
      num_examples: numExamples.optional(),
    }),
    responses: { 200: z.object({}) },
    summary: 'Submit an evaluation',
    metadata: operation({ statusCode: 200, access: deviceOnly, refuses: ['device_not_drawn', 'job_not_started', 'job_closed', 'num_examples_mixed', 'update_already_submitted', 'job_trains'] }),
  },

  /**
   * The devices of a project, newest first, with where they are and what they are at.
   * @example const { body } = await vergeai.Device.list({ project_id, presence: 'online' });
   */
  list: {
    method: 'GET',
    path: '/v1/device/list/:project_id',
    pathParams: z.object({ project_id: hexId }),
    query: z.object({
      ...pageQuery,
      status: z.enum(['idle', 'busy']).optional(),
      q: text(1, 200).optional().describe('A part of the name, or the beginning of the id'),
      label: deviceLabel.optional(),
      presence: presence.optional(),
    }),
    responses: { 200: page(deviceRow) },
    summary: 'List the devices of a project',
    metadata: operation({ statusCode: 200, access: reader }),
  },

  /**
   * A device as a list shows it.
   * @example const { body } = await vergeai.Device.get({ project_id, device_id });
   */
  get: {
    method: 'GET',
    path: '/v1/device/get/:project_id/:device_id',
    pathParams: z.object({ project_id: hexId, device_id: hexId }),
    responses: { 200: deviceRow },
    summary: 'Get a device',
    metadata: operation({ statusCode: 200, access: reader, refuses: ['device_not_found'] }),
  },

  /**
   * Changes a device's name, labels and config; what is left out stays. `null` clears the name.
   * @example await vergeai.Device.update({ project_id, device_id, device_name: 'Lab 3', labels: ['gpu'] });
   */
  update: {
    method: 'POST',
    path: '/v1/device/update',
    body: z.strictObject({
      project_id: hexId,
      device_id: hexId,
      device_name: deviceName.nullable().optional(),
      labels: deviceLabels.optional().describe('In the place of those that it has'),
      config: deviceConfig.optional().describe('In the place of the one that it has; it counts from the next job on that the device takes'),
    }),
    responses: { 200: z.object({}) },
    summary: 'Update a device',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['device_not_found'] }),
  },

  /**
   * Revokes a device and its key.
   * @example await vergeai.Device.delete({ project_id, device_id });
   */
  delete: {
    method: 'POST',
    path: '/v1/device/delete',
    body: z.strictObject({ project_id: hexId, device_id: hexId }),
    responses: { 200: z.object({}) },
    summary: 'Delete a device',
    metadata: operation({ statusCode: 200, access: writer, refuses: ['device_not_found'] }),
  },

  /**
   * The job this device should train or evaluate now, with a lease; 204 when there is none within `wait` seconds. A wait of more
   * than 55 is answered after 55, before a proxy ends it.
   * @example const { body } = await vergeai.Device.next_job({ project_id, wait: 30 });
   */
  next_job: {
    method: 'GET',
    path: '/v1/device/next_job/:project_id',
    pathParams: z.object({ project_id: hexId }),
    query: z.object({ wait: z.coerce.number<number>().min(0).max(60).default(0) }),
    responses: {
      200: z.object({
        job_id: z.string(),
        experiment_id: z.string(),
        sequence: z.number().int(),
        kind: jobKind,
        hyperparameters: answeredObject,
        config: answeredObject,
        model_url: z.string().describe('A signed link to the model that the job starts from'),
        model: z.object({ size: z.number().int(), sha256: z.string(), format: modelFormat }).describe('What is announced of the model behind the link'),
        training: z
          .object({
            proximal_mu: z.number().optional().describe('Add half of this times the squared distance to the given model to the loss'),
            required_metrics: z.array(z.string()).optional().describe('Metrics without which an update is not taken: the loss of the given model on the data of this device, above 0'),
          })
          .optional()
          .describe('What the strategy asks of devices; nothing when left out'),
        upload: presignedUpload.optional().describe('Where the update may go for a day, with `num_examples` and `metrics`, as JSON, as further fields; `submit_model_update` gives another ticket. Nothing when the job evaluates'),
        lease,
      }),
      204: c.noBody(),
    },
    summary: 'Wait for the job this device should train',
    metadata: operation({ statusCode: 200, access: deviceOnly }),
  },

  /**
   * Keeps the lease on a job, and tells whether the job still waits for this device. With `progress` it also says how far it
   * is; nothing but the last of that is kept.
   * @example const { body } = await vergeai.Device.heartbeat({ project_id, job_id, progress: { fraction: 0.4, metrics: { loss: 0.3 } } });
   */
  heartbeat: {
    method: 'POST',
    path: '/v1/device/heartbeat',
    body: z.strictObject({ project_id: hexId, job_id: hexId, progress: progress.optional() }),
    responses: { 200: z.object({ is_device_active: z.boolean(), lease: lease.nullable() }) },
    summary: 'Keep the lease on a job',
    metadata: operation({ statusCode: 200, access: deviceOnly }),
  },

  /**
   * Keeps what the training reports while it goes on: up to 1,000 reports of a device in a job, in pieces of up to 100.
   * `first` is the number of the first of them, from 0. Sending a piece again changes nothing, and 0 begins anew.
   * @example await vergeai.Device.report_metrics({ project_id, job_id, first: 0, reports: [{ step: 1, metrics: { loss: 0.3 } }] });
   */
  report_metrics: {
    method: 'POST',
    path: '/v1/device/report_metrics',
    body: z
      .strictObject({
        project_id: hexId,
        job_id: hexId,
        first: z.number().int().min(0).max(MOST_REPORTS - 1),
        reports: z
          .array(z.strictObject({ step: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(), metrics: reportedMetrics }))
          .min(1)
          .max(100),
      })
      .refine(({ first, reports }) => first + reports.length <= MOST_REPORTS, { path: ['reports'], error: `${MOST_REPORTS} reports of a device in a job are kept, and no more` }),
    responses: { 200: z.object({}) },
    summary: 'Report metrics while a job is trained',
    metadata: operation({ statusCode: 200, access: deviceOnly, refuses: ['device_not_drawn', 'job_not_started', 'job_closed'] }),
  },

  /**
   * Tells that this device cannot finish; another one is drawn in its place.
   * @example await vergeai.Device.report_failure({ project_id, job_id, reason: 'battery low' });
   */
  report_failure: {
    method: 'POST',
    path: '/v1/device/report_failure',
    body: z.strictObject({ project_id: hexId, job_id: hexId, reason: text(1, 1000) }),
    responses: { 200: z.object({}) },
    summary: 'Report that this device cannot finish a job',
    metadata: operation({ statusCode: 200, access: deviceOnly, refuses: ['device_not_drawn'] }),
  },
} as const satisfies AppRouter;
