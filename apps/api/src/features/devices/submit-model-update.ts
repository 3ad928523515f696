import type { UploadTicket } from '@vergeai/contract';
import type { Call, DeviceActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { issueUploadTicket } from '../../models/upload-ticket.js';
import { requireWanted } from '../../engine/drawn-device.js';

export interface UpdateTicket {
  readonly project_id: string;
  readonly job_id: string;
  readonly num_examples?: number | undefined;
  readonly metrics?: Record<string, number> | undefined;
}

/** An upload ticket for this device's update; what it reports of its training travels in the ticket. */
export async function modelUpdateTicket(ctx: Context, call: Call<DeviceActor>, input: UpdateTicket): Promise<UploadTicket> {
  const { deviceId } = call.actor;
  const { experimentId } = await requireWanted(ctx, input.project_id, input.job_id, deviceId);
  const path = { projectId: input.project_id, experimentId, jobId: input.job_id, deviceId };
  return issueUploadTicket(ctx, call, path, {
    purpose: 'model_update',
    ...path,
    numExamples: input.num_examples ?? null,
    metrics: input.metrics ?? {},
  });
}
