import { implement } from '../../http/implement.js';
import { bestModelLink } from './best-model.js';
import { createExperiment } from './create.js';
import { currentModelLink } from './current-model.js';
import { deleteExperiment } from './delete.js';
import { describeExperiment } from './describe.js';
import { experimentLineage } from './lineage.js';
import { metricSeries } from './metric-series.js';
import { experimentMetrics } from './metrics.js';
import { modelLayout } from './model-layout.js';
import { forkExperiment } from './fork.js';
import { getExperiment } from './get.js';
import { followEvents, listEvents } from './events.js';
import { listExperiments } from './list.js';
import { pauseExperiment } from './pause.js';
import { resumeExperiment } from './resume.js';
import { rollBackExperiment } from './rollback.js';
import { startModelLink } from './start-model.js';
import { submitStartModel } from './submit-start-model.js';
import { updateExperiment } from './update.js';

export const experimentRoutes = implement('experiment', {
  create: (ctx, call, { body }) => createExperiment(ctx, call, body),
  get: (ctx, _call, { params }) => getExperiment(ctx, params),
  submit_start_model: (ctx, call, { body, model }) => submitStartModel(ctx, call, body, model),
  list: (ctx, _call, { params, query }) => listExperiments(ctx, params, query),
  describe: (ctx, _call, { params, query }) => describeExperiment(ctx, params, query),
  update: (ctx, call, { body, room }) => updateExperiment(ctx, call, body, room),
  delete: (ctx, call, { body }) => deleteExperiment(ctx, call, body),
  fork: (ctx, call, { body }) => forkExperiment(ctx, call, body),
  rollback: (ctx, call, { body }) => rollBackExperiment(ctx, call, body),
  pause: (ctx, call, { body }) => pauseExperiment(ctx, call, body),
  resume: (ctx, call, { body }) => resumeExperiment(ctx, call, body),
  start_model: (ctx, call, { params }) => startModelLink(ctx, call, params),
  current_model: (ctx, call, { params }) => currentModelLink(ctx, call, params),
  best_model: (ctx, call, { params }) => bestModelLink(ctx, call, params),
  events: (ctx, _call, { params, query }) => listEvents(ctx, params, query),
  metrics: (ctx, _call, { params, query }) => experimentMetrics(ctx, params, query),
  lineage: (ctx, _call, { params }) => experimentLineage(ctx, params),
  model_layout: (ctx, _call, { params, query }) => modelLayout(ctx, params, query),
  metric_series: (ctx, _call, { params, query }) => metricSeries(ctx, params, query),
}, {
  events: (ctx, { params, query }) => followEvents(ctx, params, query),
});
