import { implement } from '../../http/implement.js';
import { aggregateModelLink } from './aggregate-model.js';
import { cancelJob } from './cancel.js';
import { createJob } from './create.js';
import { createJobSeries } from './create-series.js';
import { describeJob } from './describe.js';
import { listJobDevices } from './devices.js';
import { getJob } from './get.js';
import { listJobs } from './list.js';
import { retryJob } from './retry.js';
import { jobStartModelLink } from './start-model.js';

export const jobRoutes = implement('job', {
  create: (ctx, call, { body, room }) => createJob(ctx, call, body, room),
  create_series: (ctx, call, { body }) => createJobSeries(ctx, call, body),
  cancel: (ctx, call, { body }) => cancelJob(ctx, call, body),
  get: (ctx, _call, { params }) => getJob(ctx, params),
  start_model: (ctx, call, { params }) => jobStartModelLink(ctx, call, params),
  aggregate_model: (ctx, call, { params }) => aggregateModelLink(ctx, call, params),
  list: (ctx, _call, { params, query }) => listJobs(ctx, params, query),
  describe: (ctx, _call, { params }) => describeJob(ctx, params),
  devices: (ctx, _call, { params, query }) => listJobDevices(ctx, params, query),
  retry: (ctx, call, { body, room }) => retryJob(ctx, call, body, room),
});
