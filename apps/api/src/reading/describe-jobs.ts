import type { JobDeviceState } from '@vergeai/db';
import { JobKind } from '@vergeai/domain';
import type { Context } from '../context.js';
import { findWaiting } from './find-waiting.js';
import type { PageRequest } from './page.js';
import { timestamp, timestampOrNull } from './times.js';
import { inOneBatch } from './in-batches.js';
import { jobDevices } from './job-devices.js';
import { jobsAfterCursor, newestJobsFirst, toJobPage } from './job-page.js';
import { presentStrategy } from '../models/strategy.js';
import { updatesTold } from './updates-told.js';
import { presentModelDetails } from '../models/present-model.js';

const states: Record<JobDeviceState, 'drawn' | 'training' | 'submitted' | 'replaced'> = {
  DRAWN: 'drawn',
  LEASED: 'training',
  SUBMITTED: 'submitted',
  REPLACED: 'replaced',
};

/** A page of an experiment's jobs with their devices, newest first; devices are read as they are sent. */
export async function describeJobs(ctx: Context, experimentId: string, query: PageRequest) {
  const rows = await ctx.db.prisma.job.findMany({
    where: { experimentId, ...jobsAfterCursor(query.cursor) },
    include: {
      startModel: { include: { parent: true } },
      aggregateModel: { include: { parent: true } },
    },
    // They may be large: one is not shown, the other is read with the devices.
    omit: { summary: true, aggregationReport: true },
    orderBy: newestJobsFirst,
    take: query.limit + 1,
  });
  const waiting = await findWaiting(ctx, rows);
  const { data, next_cursor } = toJobPage(rows, query.limit, (row) => ({
    job_id: row.id,
    sequence: row.sequence,
    series_id: row.seriesId,
    kind: row.kind,
    status: row.status,
    reason: row.reason,
    num_devices: row.numDevices,
    num_updates: row.updatesReceived,
    device_timeout_sec: row.deviceTimeoutSec,
    aggregation_strategy: row.kind === JobKind.EVALUATE ? null : presentStrategy(row),
    waiting_for: waiting.get(row.id) ?? null,
    devices: describeDevices(ctx, row.id),
    start_model: presentModelDetails(row.startModel),
    aggregate_model: presentModelDetails(row.aggregateModel),
    created_at: timestamp(row.createdAt),
    started_at: timestampOrNull(row.startedAt),
    ended_at: timestampOrNull(row.endedAt),
    duration_sec: row.startedAt && ((row.endedAt ?? ctx.clock.now()).getTime() - row.startedAt.getTime()) / 1000,
  }));
  return { data: inOneBatch(data), next_cursor };
}

async function* describeDevices(ctx: Context, jobId: string) {
  const told = await updatesTold(ctx, jobId);
  for await (const devices of jobDevices(ctx, jobId)) {
    yield devices.map(({ deviceId, state, numExamples, metrics, submittedAt }) => ({
      device_id: deviceId,
      state: states[state],
      num_examples: numExamples,
      metrics: JSON.parse(metrics ?? '{}') as Record<string, number>,
      submitted_at: timestampOrNull(submittedAt),
      aggregation: told.get(deviceId) ?? null,
    }));
  }
}
