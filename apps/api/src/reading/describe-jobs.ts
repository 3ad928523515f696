import type { JobDevice, JobDeviceState, JobUpdate } from '@vergeai/db';
import type { Context } from '../context.js';
import { findWaiting } from './find-waiting.js';
import type { PageRequest } from './page.js';
import { timestamp, timestampOrNull } from './times.js';
import { jobsAfterCursor, newestJobsFirst, toJobPage } from './job-page.js';
import { presentModelDetails } from '../models/present-model.js';

const states: Record<JobDeviceState, 'drawn' | 'training' | 'submitted' | 'replaced'> = {
  DRAWN: 'drawn',
  LEASED: 'training',
  SUBMITTED: 'submitted',
  REPLACED: 'replaced',
};

/** A page of an experiment's jobs with their devices, newest first. */
export async function describeJobs(ctx: Context, experimentId: string, query: PageRequest) {
  const rows = await ctx.db.prisma.job.findMany({
    where: { experimentId, ...jobsAfterCursor(query.cursor) },
    include: {
      startModel: { include: { parent: true } },
      aggregateModel: { include: { parent: true } },
      devices: { orderBy: { position: 'asc' } },
      updates: true,
    },
    orderBy: newestJobsFirst,
    take: query.limit + 1,
  });
  const waiting = await findWaiting(ctx, rows);
  return toJobPage(rows, query.limit, (row) => ({
    job_id: row.id,
    sequence: row.sequence,
    status: row.status,
    reason: row.reason,
    num_devices: row.numDevices,
    num_updates: row.updatesReceived,
    device_timeout_sec: row.deviceTimeoutSec,
    waiting_for: waiting.get(row.id) ?? null,
    devices: describeDevices(row.devices, row.updates),
    start_model: presentModelDetails(row.startModel),
    aggregate_model: presentModelDetails(row.aggregateModel),
    created_at: timestamp(row.createdAt),
    started_at: timestampOrNull(row.startedAt),
    ended_at: timestampOrNull(row.endedAt),
    duration_sec: row.startedAt && ((row.endedAt ?? ctx.clock.now()).getTime() - row.startedAt.getTime()) / 1000,
  }));
}

function describeDevices(devices: readonly JobDevice[], updates: readonly JobUpdate[]) {
  const updateOf = new Map(updates.map((update) => [update.deviceId, update]));
  return devices.map(({ deviceId, state }) => {
    const update = updateOf.get(deviceId);
    return {
      device_id: deviceId,
      state: states[state],
      num_examples: update?.numExamples ?? null,
      metrics: update ? (JSON.parse(update.metrics) as Record<string, number>) : {},
      submitted_at: timestampOrNull(update?.createdAt ?? null),
    };
  });
}
