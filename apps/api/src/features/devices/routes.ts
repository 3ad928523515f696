import { byDevice, implement } from '../../http/implement.js';
import { createDevice } from './create.js';
import { deleteDevice } from './delete.js';
import { getDevice } from './get.js';
import { heartbeat } from './heartbeat.js';
import { isDeviceActive } from './is-active.js';
import { listDevices } from './list.js';
import { nextJob } from './next-job.js';
import { registerDevice } from './register.js';
import { reportFailure } from './report-failure.js';
import { reportMetrics } from './report-metrics.js';
import { submitEvaluation } from './submit-evaluation.js';
import { submitModelUpdate } from './submit-model-update.js';
import { updateDevice } from './update.js';

export const deviceRoutes = implement('device', {
  create: (ctx, call, { body }) => createDevice(ctx, call, body),
  register: (ctx, call, { body }) => registerDevice(ctx, call, body),
  is_active: (ctx, _call, { params }) => isDeviceActive(ctx, params),
  submit_model_update: (ctx, call, { body, model }) => submitModelUpdate(ctx, byDevice(call), body, model),
  submit_evaluation: (ctx, call, { body }) => submitEvaluation(ctx, byDevice(call), body),
  list: (ctx, _call, { params, query }) => listDevices(ctx, params, query),
  get: (ctx, _call, { params }) => getDevice(ctx, params),
  update: (ctx, call, { body }) => updateDevice(ctx, call, body),
  delete: (ctx, call, { body }) => deleteDevice(ctx, call, body),
  next_job: (ctx, call, { query, gone }) => nextJob(ctx, byDevice(call), query, gone),
  heartbeat: (ctx, call, { body }) => heartbeat(ctx, byDevice(call), body),
  report_metrics: (ctx, call, { body }) => reportMetrics(ctx, byDevice(call), body),
  report_failure: (ctx, call, { body }) => reportFailure(ctx, byDevice(call), body),
});
