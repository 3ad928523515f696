import type { Job as WholeJob } from '@vergeai/db';
import type { Context } from '../context.js';
import { findWaiting } from './find-waiting.js';
import { nextTurn } from './next-turn.js';
import { countDevices } from './standing.js';
import { timestamp, timestampOrNull } from './times.js';

type Job = Omit<WholeJob, 'summary' | 'aggregationReport'>;

/** So many devices are counted in one go. */
const DEVICES_AT_ONCE = 20_000;

/** What a list shows of jobs of one experiment, some of them at a time. */
export async function* jobFacts(ctx: Context, jobs: readonly Job[]) {
  const waiting = await findWaiting(ctx, jobs);
  for (const some of byDevices(jobs)) {
    const countsOf = await countDevices(ctx, some.map(({ id }) => id));
    yield some.map((row) => ({
      job_id: row.id,
      sequence: row.sequence,
      kind: row.kind,
      status: row.status,
      reason: row.reason,
      num_devices: row.numDevices,
      num_buffer_devices: row.numBufferDevices,
      num_updates: row.updatesReceived,
      device_counts: countsOf(row.id),
      device_timeout_sec: row.deviceTimeoutSec,
      waiting_for: waiting.get(row.id) ?? null,
      retry_of: row.retryOfId,
      created_at: timestamp(row.createdAt),
      started_at: timestampOrNull(row.startedAt),
      deadline_at: timestampOrNull(row.deadlineAt),
      aggregation_started_at: timestampOrNull(row.aggregationStartedAt),
      ended_at: timestampOrNull(row.endedAt),
    }));
    await nextTurn();
  }
}

/** Stretches of jobs that have no more devices than are counted in one go, or of one that has. */
function byDevices(jobs: readonly Job[]): Job[][] {
  const stretches: Job[][] = [];
  let room = 0;
  for (const job of jobs) {
    const devices = job.numDevices + job.numBufferDevices;
    if (devices > room || stretches.length === 0) {
      stretches.push([]);
      room = DEVICES_AT_ONCE;
    }
    stretches.at(-1)!.push(job);
    room -= devices;
  }
  return stretches;
}
