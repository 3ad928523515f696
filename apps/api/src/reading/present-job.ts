import type { Job } from '@vergeai/contract';
import type { Transaction } from '@vergeai/db';
import { billableSize, DeviceState, type DurationCriterion } from '@vergeai/domain';
import type { Context } from '../context.js';
import { modelReference } from '../models/present-model.js';
import { drawnDevices, submittedModels } from './job-parts.js';
import { getJobRow, requireJob, type JobRow } from './job-row.js';
import { epochSeconds } from './times.js';

/** The documented Job, key for key, with its devices and models still to be read. */
export function presentGrowingJob(ctx: Context, row: JobRow) {
  let submitted = 0n;
  async function* models() {
    for await (const batch of submittedModels(ctx, row.id)) {
      yield batch.map(({ deviceId, size }) => {
        submitted += size;
        return [deviceId, modelReference({ ...pathOf(row), deviceId, size })] as const;
      });
    }
    // Deleted meanwhile, it would look as if it had no more devices and models than were read until then.
    await requireJob(ctx, row.projectId, row.id);
  }
  return present(row, { devices: drawnDevices(ctx, row.id), models: models(), billable: () => billable(row, submitted) });
}

/** The same of a job that was made in a transaction which is still under way: nothing was submitted for it yet. */
export async function presentNewJob(tx: Transaction, projectId: string, jobId: string): Promise<Job> {
  const row = await getJobRow(tx, projectId, jobId);
  const devices = await tx.jobDevice.findMany({ where: { jobId, state: { not: DeviceState.REPLACED } }, select: { deviceId: true }, orderBy: { position: 'asc' } });
  return present(row, { devices: devices.map(({ deviceId }) => deviceId), models: {}, billable: billable(row, 0n) });
}

interface Parts<Devices, Models, Billable> {
  readonly devices: Devices;
  readonly models: Models;
  readonly billable: Billable;
}

/** Counts are decimal strings. */
function present<Devices, Models, Billable>(row: JobRow, { devices, models, billable }: Parts<Devices, Models, Billable>) {
  const criteria = JSON.parse(row.terminationCriteria) as DurationCriterion[];
  return {
    ID: row.id,
    status: row.status,
    devices,
    aggregate_model: modelReference({ ...pathOf(row), size: row.aggregateModel?.size ?? null }),
    start_model: modelReference(row.startModel ?? { ...pathOf(row), jobId: null, size: null }),
    configuration: {
      num_devices: String(row.numDevices),
      num_buffer_devices: String(row.numBufferDevices),
      device_selection_strategy: row.deviceSelectionStrategy,
      termination_criteria: criteria.map(({ type, max_duration_sec }) => ({
        type,
        max_duration_sec: String(max_duration_sec),
        start_epoch_time: row.startedAt ? epochSeconds(row.startedAt) : 'NONE',
      })),
    },
    models,
    created_on: epochSeconds(row.createdAt),
    billable_size: billable,
    project_id: row.projectId,
    experiment_id: row.experimentId,
  };
}

const pathOf = ({ projectId, experimentId, id }: JobRow) => ({ projectId, experimentId, jobId: id });

/** As it was when the job ended, or of what there is so far. */
const billable = ({ billableSize: atItsEnd, startModel }: JobRow, submitted: bigint) =>
  String(atItsEnd ?? billableSize({ startModel, updates: [{ model: { size: submitted } }] }));
