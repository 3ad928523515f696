import type { UploadTicket } from '@vergeai/contract';
import { DeviceState, JobKind } from '@vergeai/domain';
import type { Call, DeviceActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { requireKind, requireWanted } from '../../engine/drawn-device.js';
import { noteUpload } from '../../engine/lease.js';
import { requireMetrics } from '../../engine/require-metrics.js';
import { takeUpdate } from '../../engine/take-update.js';
import { requireRoom } from '../../models/project-storage.js';
import { issueUploadTicket } from '../../models/upload-ticket.js';
import { Refusal } from '../../refusal.js';
import { changedJob } from '../../signals/changed.js';
import type { StagedUpload } from '../../storage/blob-store.js';

export interface SubmitModelUpdate {
  readonly project_id: string;
  readonly job_id: string;
  readonly device_id?: string | undefined;
  readonly num_examples?: number | undefined;
  readonly metrics?: Record<string, number> | undefined;
}

/**
 * Takes an update that came inline, or gives an upload ticket for one; what the device reports of its training comes
 * with the ticket. Refuses as `takeUpdate` does, and with `permission_denied` an update of another device.
 */
export async function submitModelUpdate(
  ctx: Context,
  call: Call<DeviceActor>,
  input: SubmitModelUpdate,
  staged: StagedUpload | undefined,
): Promise<UploadTicket | void> {
  const { deviceId } = call.actor;
  if (input.device_id && input.device_id !== deviceId) throw new Refusal('permission_denied', 'A device may submit its own update only.');
  const place = { projectId: input.project_id, jobId: input.job_id, deviceId };
  const report = { numExamples: input.num_examples ?? null, metrics: input.metrics ?? {} };
  if (staged) return takeUpdate(ctx, call, { ...place, ...report, staged });
  const wanted = await requireWanted(ctx, place.projectId, place.jobId, deviceId);
  requireKind(wanted, JobKind.TRAIN);
  const { experimentId, state } = wanted;
  // The same update once more was taken with what it came with.
  if (state !== DeviceState.SUBMITTED) requireMetrics(wanted, report.metrics);
  // The same update once more takes no room.
  if (state !== DeviceState.SUBMITTED) await requireRoom(ctx, place.projectId, 1);
  const path = { ...place, experimentId };
  const uploading = noteUpload({ jobId: place.jobId, deviceId, now: ctx.clock.now() });
  return issueUploadTicket(ctx, call, path, { purpose: 'model_update', ...path, ...report }, { statements: [uploading], signals: [changedJob(place.projectId, place.jobId, experimentId)] });
}
