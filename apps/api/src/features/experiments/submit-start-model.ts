import type { UploadTicket } from '@vergeai/contract';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { requireNoStartModel, takeStartModel } from '../../engine/take-start-model.js';
import { requireRoom } from '../../models/project-storage.js';
import { issueUploadTicket } from '../../models/upload-ticket.js';
import type { StagedUpload } from '../../storage/blob-store.js';

/** Takes a start model that came inline, or gives an upload ticket for one. Refuses as `takeStartModel` does. */
export async function submitStartModel(
  ctx: Context,
  call: Call,
  input: { project_id: string; experiment_id: string },
  staged: StagedUpload | undefined,
): Promise<UploadTicket | void> {
  const path = { projectId: input.project_id, experimentId: input.experiment_id };
  if (staged) return takeStartModel(ctx, call, { ...path, staged });
  await requireNoStartModel(ctx, path.projectId, path.experimentId);
  await requireRoom(ctx, path.projectId, 1);
  return issueUploadTicket(ctx, call, path, { purpose: 'start_model', ...path });
}
