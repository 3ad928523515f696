import type { UploadTicket } from '@vergeai/contract';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { issueUploadTicket } from '../../models/upload-ticket.js';
import { requireNoStartModel } from '../../engine/take-start-model.js';

/** An upload ticket for an experiment's start model. */
export async function startModelTicket(ctx: Context, call: Call, input: { project_id: string; experiment_id: string }): Promise<UploadTicket> {
  const path = { projectId: input.project_id, experimentId: input.experiment_id };
  await requireNoStartModel(ctx, path.projectId, path.experimentId);
  return issueUploadTicket(ctx, call, path, { purpose: 'start_model', ...path });
}
