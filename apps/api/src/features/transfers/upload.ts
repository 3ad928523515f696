import type { Readable } from 'node:stream';
import { contract } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import { sniffFormat } from '@vergeai/domain';
import { admitTicket } from '../../access/admit-again.js';
import type { Actor, Call } from '../../access/actor.js';
import type { Right } from '../../access/right.js';
import type { Context } from '../../context.js';
import { requireWanted } from '../../engine/drawn-device.js';
import { requireNoStartModel, takeStartModel } from '../../engine/take-start-model.js';
import { takeUpdate } from '../../engine/take-update.js';
import { modelLimit } from '../../models/model-limit.js';
import { modelName } from '../../models/present-model.js';
import { arrived } from '../../models/ticket-metrics.js';
import { readTicket, type UploadClaims } from '../../models/tickets.js';
import { isUsed, requireUnused } from '../../models/use-ticket.js';
import { Refusal } from '../../refusal.js';
import type { StagedUpload } from '../../storage/blob-store.js';

/** What each purpose of a ticket asks of the key behind it. */
const policies = {
  start_model: contract.experiment.submit_start_model.metadata.access,
  model_update: contract.device.submit_model_update.metadata.access,
} as const;

/** The right that a ticket stands for. */
export const rightOf = ({ purpose, projectId }: UploadClaims): Right => ({ access: policies[purpose], target: { project_id: projectId } });

/** What the fields of an upload say that it is. Throws a Refusal `ticket_invalid` or `ticket_expired`. */
export async function readUpload(ctx: Context, { ticket = '', key }: Readonly<Record<string, string>>): Promise<UploadClaims> {
  const claims = readTicket(ctx, ticket);
  if (claims.purpose === 'download' || key !== modelName(claims)) throw new Refusal('ticket_invalid');
  return arrived(ctx, claims);
}

/**
 * Whether the caller may upload what a ticket names, now: the key still counts, the membership still stands, the model
 * is still wanted. Asked before the bytes travel and again when they have arrived. Throws a Refusal.
 */
export async function admitUpload(ctx: Context, claims: UploadClaims): Promise<Actor> {
  const actor = await admitTicket(ctx, claims, rightOf(claims));
  try {
    await requireUnused(ctx, claims);
    if (claims.purpose === 'start_model') await requireNoStartModel(ctx, claims.projectId, claims.experimentId);
    else await requireWanted(ctx, claims.projectId, claims.jobId, claims.deviceId);
  } catch (error) {
    // The same ticket may have got through a moment ago on another connection. Then that is what its sender has to hear, unless its
    // bytes will show that it is the same upload once more.
    if (!(await isUsed(ctx, claims))) throw error;
    if (!claims.repeatable) throw new Refusal('ticket_used');
  }
  return actor;
}

/** Takes the bytes in, which belong to nobody yet. Throws as `BlobStore.stage` does. */
export const stageUpload = (ctx: Context, bytes: Readable): Promise<StagedUpload> =>
  ctx.storage.stage(bytes, (head) => modelLimit(ctx, sniffFormat(head)));

/**
 * Hands bytes that have arrived to the move of the engine that their ticket was for. When that ticket was given under an
 * Idempotency-Key and has been used for the same bytes, there is nothing left to do: the first answer was lost. Throws a Refusal
 * `idempotency_key_reused` for other bytes, or as the move does.
 */
export async function completeUpload(ctx: Context, call: Call, claims: UploadClaims, staged: StagedUpload): Promise<void> {
  if (!claims.repeatable) return take(ctx, call, claims, staged);
  if (!(await isUsed(ctx, claims))) {
    try {
      return await take(ctx, call, claims, staged);
    } catch (error) {
      // Another connection was quicker with the same ticket.
      if (!(error instanceof Refusal && error.code === 'ticket_used')) throw error;
    }
  }
  if ((await registeredBytes(ctx, claims))?.sha256 !== staged.sha256)
    throw new Refusal('idempotency_key_reused', 'The ticket was given under an Idempotency-Key and has been used for another model. Take a new key for a new request.');
}

const startModel = query((of: { experimentId: string }) =>
  build.selectFrom('StoredModel').select('sha256').where('experimentId', '=', of.experimentId).where('kind', '=', 'START'));

const update = query((of: { jobId: string; deviceId: string }) =>
  build.selectFrom('JobUpdate').select('sha256').where('jobId', '=', of.jobId).where('deviceId', '=', of.deviceId));

/** What a ticket that has been used was used for: there is one model in its place. */
const registeredBytes = (ctx: Context, claims: UploadClaims) =>
  claims.purpose === 'start_model' ? ctx.db.hot.get(startModel, claims) : ctx.db.hot.get(update, claims);

async function take(ctx: Context, call: Call, claims: UploadClaims, staged: StagedUpload): Promise<void> {
  if (claims.purpose === 'start_model') await takeStartModel(ctx, call, { ...claims, staged, ticket: claims });
  else await takeUpdate(ctx, call, { ...claims, staged, ticket: claims });
}
