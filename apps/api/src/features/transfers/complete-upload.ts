import { contract } from '@vergeai/contract';
import type { Actor, Call } from '../../access/actor.js';
import { authorise } from '../../access/authorise.js';
import type { Context } from '../../context.js';
import { findActorByKeyId } from '../../access/find-actor.js';
import { Refusal } from '../../refusal.js';
import type { StagedUpload } from '../../storage/blob-store.js';
import { requireWanted } from '../../engine/drawn-device.js';
import { takeUpdate } from '../../engine/take-update.js';
import { requireNoStartModel, takeStartModel } from '../../engine/take-start-model.js';
import type { UploadClaims } from '../../models/tickets.js';
import { requireUnused } from '../../models/use-ticket.js';

/** What each purpose of a ticket asks of the key behind it. */
const policies = {
  start_model: contract.experiment.submit_start_model.metadata.access,
  model_update: contract.device.submit_model_update.metadata.access,
} as const;

/**
 * Whether the caller may upload what a ticket names, now: the key still counts, the membership still stands, the model
 * is still wanted. Asked before the bytes travel and again when they have arrived. Throws a Refusal.
 */
export async function admitUpload(ctx: Context, claims: UploadClaims): Promise<Actor> {
  const actor = await findActorByKeyId(ctx, claims.keyId);
  if (!actor) throw new Refusal('key_invalid');
  await authorise(ctx, policies[claims.purpose], actor, { project_id: claims.projectId });
  await requireUnused(ctx, claims);
  try {
    if (claims.purpose === 'start_model') await requireNoStartModel(ctx, claims.projectId, claims.experimentId);
    else await requireWanted(ctx, claims.projectId, claims.jobId, claims.deviceId);
  } catch (error) {
    // The same ticket may have got through a moment ago on another connection. Then that is what its sender has to hear.
    await requireUnused(ctx, claims);
    throw error;
  }
  return actor;
}

/** Hands bytes that have arrived to the use case that their ticket was for. */
export async function completeUpload(ctx: Context, call: Call, claims: UploadClaims, staged: StagedUpload): Promise<void> {
  if (claims.purpose === 'start_model') await takeStartModel(ctx, call, { ...claims, staged, ticket: claims });
  else await takeUpdate(ctx, call, { ...claims, staged, ticket: claims });
}
