import type { Context } from '../context.js';
import { aggregateJob } from '../engine/aggregate-job.js';
import { continueSeries } from '../engine/continue-series.js';
import { startSweep } from '../engine/start-sweep.js';
import type { TaskHandlers } from '../tasks/task-queue.js';

/** Which use case each kind of task is for; nothing else. */
export const taskHandlers = (ctx: Context): TaskHandlers => ({
  aggregate: (task, signal) => aggregateJob(ctx, task, signal),
  continue_series: (task) => continueSeries(ctx, task),
  start_sweep: (task) => startSweep(ctx, task),
});
