import type { Job } from '@vergeai/contract';
import { billableSize, type DurationCriterion } from '@vergeai/domain';
import { epochSeconds } from './times.js';
import { modelReference } from '../models/present-model.js';
import type { JobRow } from './job-row.js';

/** The documented Job, key for key. Counts are decimal strings. */
export function presentJob(row: JobRow): Job {
  const criteria = JSON.parse(row.terminationCriteria) as DurationCriterion[];
  const path = { projectId: row.projectId, experimentId: row.experimentId };
  return {
    ID: row.id,
    status: row.status,
    devices: row.devices.map(({ deviceId }) => deviceId),
    aggregate_model: modelReference({ ...path, jobId: row.id, size: row.aggregateModel?.size ?? null }),
    start_model: modelReference(row.startModel ?? { ...path, size: null }),
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
    models: Object.fromEntries(row.updates.map(({ deviceId, model }) => [deviceId, modelReference(model)])),
    created_on: epochSeconds(row.createdAt),
    billable_size: String(row.billableSize ?? billableSize(row)),
    project_id: row.projectId,
    experiment_id: row.experimentId,
  };
}
