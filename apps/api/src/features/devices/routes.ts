import { contract } from '@vergeai/contract';
import { Refusal } from '../../refusal.js';
import { byDevice, implement } from '../../http/implement.js';
import { createDevice } from './create.js';
import { deleteDevice } from './delete.js';
import { heartbeat } from './heartbeat.js';
import { isDeviceActive } from './is-active.js';
import { listDevices } from './list.js';
import { modelUpdateTicket } from './submit-model-update.js';
import { nextJob } from './next-job.js';
import { registerDevice } from './register.js';
import { reportFailure } from './report-failure.js';
import { takeUpdate } from '../../engine/take-update.js';

export const deviceRoutes = implement(contract.device, {
  create: (ctx, call, { body }) => createDevice(ctx, call, body),
  register: (ctx, call, { body }) => registerDevice(ctx, call, body),
  is_active: (ctx, _call, { params }) => isDeviceActive(ctx, params),
  submit_model_update: (ctx, call, { body, model }) => {
    const { actor } = byDevice(call);
    if (body.device_id && body.device_id !== actor.deviceId) throw new Refusal('permission_denied', 'A device may submit its own update only.');
    if (!model) return modelUpdateTicket(ctx, byDevice(call), body);
    return takeUpdate(ctx, call, {
      projectId: body.project_id,
      jobId: body.job_id,
      deviceId: actor.deviceId,
      numExamples: body.num_examples ?? null,
      metrics: body.metrics ?? {},
      staged: model,
    });
  },
  list: (ctx, _call, { params, query }) => listDevices(ctx, params, query),
  delete: (ctx, call, { body }) => deleteDevice(ctx, call, body),
  next_job: (ctx, call, { query, gone }) => nextJob(ctx, byDevice(call), query, gone),
  heartbeat: (ctx, call, { body }) => heartbeat(ctx, byDevice(call), body),
  report_failure: (ctx, call, { body }) => reportFailure(ctx, byDevice(call), body),
});
