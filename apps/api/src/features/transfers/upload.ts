import type { Readable } from 'node:stream';
import { contract } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import { DeviceState, sniffFormat } from '@vergeai/domain';
import { admitTicket } from '../../access/admit-again.js';
import type { Actor, Call } from '../../access/actor.js';
import type { Right } from '../../access/right.js';
import type { Context } from '../../context.js';
import { requireWanted } from '../../engine/drawn-device.js';
import { noteUpload } from '../../engine/lease.js';
import type { ModelUpdate } from '../../engine/model-update.js';
import { requireMetrics } from '../../engine/require-metrics.js';
import { requireNoStartModel, takeStartModel } from '../../engine/take-start-model.js';
import { takeUpdate } from '../../engine/take-update.js';
import { modelLimit } from '../../models/model-limit.js';
import { modelName } from '../../models/present-model.js';
import { getStorage, projectStorageFull, roomIn } from '../../models/project-storage.js';
import { arrived } from '../../models/ticket-metrics.js';
import { readTicket, type UploadClaims } from '../../models/tickets.js';
import { isUsed, requireUnused } from '../../models/use-ticket.js';
import { Refusal } from '../../refusal.js';
import { changedJob } from '../../signals/changed.js';
import type { StagedUpload } from '../../storage/blob-store.js';
import { takeKnownStep } from '../../writing/take-known-step.js';

/** What each purpose of a ticket asks of the key behind it. */
const policies = {
  start_model: contract.experiment.submit_start_model.metadata.access,
  model_update: contract.device.submit_model_update.metadata.access,
} as const;

/** The right that a ticket stands for. */
export const rightOf = ({ purpose, projectId }: UploadClaims): Right => ({ access: policies[purpose], target: { project_id: projectId } });

/** An upload that has been let in. */
export interface Admission {
  readonly actor: Actor;
  /** What it names has been uploaded before: the same bytes once more take no room. */
  readonly repeated: boolean;
}

/**
 * What the fields of an upload say that it is. Where the ticket came with the job, `report` gives what the device tells of its
 * training; one that was asked for afterwards has that, and no field changes it. Throws a Refusal `ticket_invalid` or
 * `ticket_expired`, or as `report` does.
 */
export async function readUpload(ctx: Context, { ticket = '', key }: Readonly<Record<string, string>>, report: () => Pick<ModelUpdate, 'numExamples' | 'metrics'>): Promise<UploadClaims> {
  const claims = readTicket(ctx, ticket);
  if (claims.purpose === 'download' || key !== modelName(claims)) throw new Refusal('ticket_invalid');
  const whole = await arrived(ctx, claims);
  return whole.purpose === 'model_update' && whole.beforeTraining ? { ...whole, ...report() } : whole;
}

/**
 * Whether the caller may upload what a ticket names, now: the key still counts, the membership still stands, the model
 * is still wanted. Asked before the bytes travel and again when they have arrived. Throws a Refusal.
 */
export async function admitUpload(ctx: Context, claims: UploadClaims): Promise<Admission> {
  const actor = await admitTicket(ctx, claims, rightOf(claims));
  try {
    await requireUnused(ctx, claims);
    if (claims.purpose === 'start_model') await requireNoStartModel(ctx, claims.projectId, claims.experimentId);
    else return { actor, repeated: await isRepetition(ctx, claims) };
  } catch (error) {
    // The same ticket may have got through a moment ago on another connection. Then that is what its sender has to hear, unless its
    // bytes will show that it is the same upload once more.
    if (!(await isUsed(ctx, claims))) throw error;
    if (!claims.repeatable) throw new Refusal('ticket_used');
    return { actor, repeated: true };
  }
  return { actor, repeated: false };
}

/** Whether a device that may upload has sent its update before: that one was taken with what it came with. */
async function isRepetition(ctx: Context, claims: Extract<UploadClaims, { purpose: 'model_update' }>): Promise<boolean> {
  const wanted = await requireWanted(ctx, claims.projectId, claims.jobId, claims.deviceId);
  if (wanted.state === DeviceState.SUBMITTED) return true;
  requireMetrics(wanted, claims.metrics);
  return false;
}

/** What is smaller is here before anybody could look, as an update inside a request is. */
const SHOWN_FROM_BYTES = 1024 * 1024;

/**
 * Lets an update be seen on its way, of which `announced` bytes are to come; undefined: nobody knows how many. Who has asked for a
 * ticket after the training is shown since then. Throws a Refusal when the caller's right has fallen.
 */
export async function showUpload(ctx: Context, { idempotency: _, ...call }: Call, claims: UploadClaims, { repeated }: Admission, announced: number | undefined): Promise<void> {
  if (claims.purpose !== 'model_update' || !claims.beforeTraining || repeated || (announced !== undefined && announced < SHOWN_FROM_BYTES)) return;
  const { projectId, experimentId, jobId, deviceId } = claims;
  await takeKnownStep(ctx, call, { statements: [noteUpload({ jobId, deviceId, now: ctx.clock.now() })], signals: [changedJob(projectId, jobId, experimentId)] });
}

/**
 * How many bytes of an upload the project has room for, of which `announced` or fewer are to come: it is refused before they do.
 * Throws a Refusal `project_storage_full`.
 */
export async function roomFor(ctx: Context, claims: UploadClaims, { repeated }: Admission, announced: number): Promise<number> {
  if (repeated) return Number.POSITIVE_INFINITY;
  const storage = await getStorage(ctx, claims.projectId);
  if (announced > roomIn(storage)) throw projectStorageFull(storage, announced);
  return roomIn(storage);
}

/**
 * Takes the bytes in, which belong to nobody yet, as long as there is `room` for them. Throws as `BlobStore.stage` does, and a Refusal
 * `project_storage_full`.
 */
export async function stageUpload(ctx: Context, { projectId }: UploadClaims, room: number, bytes: Readable): Promise<StagedUpload> {
  let isRoomLess = false;
  const limitOf = (head: Uint8Array) => {
    const limit = modelLimit(ctx, sniffFormat(head));
    isRoomLess = room < limit;
    return Math.min(room, limit);
  };
  return ctx.storage.stage(bytes, limitOf).catch(async (error: unknown) => {
    if (!(isRoomLess && error instanceof Refusal && error.code === 'model_too_large')) throw error;
    throw projectStorageFull(await getStorage(ctx, projectId), 0);
  });
}

/**
 * Hands bytes that have arrived to the move of the engine that their ticket was for. When that ticket was given under an
 * Idempotency-Key, or with a job, and has been used for the same bytes, there is nothing left to do: the first answer was lost.
 * Throws a Refusal `idempotency_key_reused` for other bytes, or as the move does.
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
    throw new Refusal('idempotency_key_reused', 'The ticket has been used for another model. A new one comes with a new request, under a new Idempotency-Key.');
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
