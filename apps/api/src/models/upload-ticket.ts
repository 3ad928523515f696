import type { PresignedUpload, UploadTicket } from '@vergeai/contract';
import type { Call } from '../access/actor.js';
import { keyOfTicket } from '../access/find-actor.js';
import { takeKnownStep, type KnownStep } from '../writing/take-known-step.js';
import type { Context } from '../context.js';
import { modelName, type ModelPath } from './present-model.js';
import { travelling } from './ticket-metrics.js';
import { readSigned, signTicket, type TicketClaims, type UploadClaims } from './tickets.js';

const TICKET_LIFETIME_MS = 10 * 60 * 1000;
/** Of one that comes before the training. Who trains longer asks for another one. */
const LIFETIME_WITH_JOB_MS = 24 * 60 * 60 * 1000;

type Purpose = UploadClaims extends infer C ? (C extends UploadClaims ? Omit<C, 'id' | 'keyId' | 'keyMark' | 'expiresAt' | 'repeatable'> : never) : never;

/** A presigned POST for the model that `path` names: good once, for ten minutes, for this caller. `more` happens with it. */
export async function issueUploadTicket(ctx: Context, call: Call, path: ModelPath, purpose: Purpose, more: KnownStep = { statements: [] }): Promise<UploadTicket> {
  const { claims, statements } = travelling({ ...purpose, id: ctx.newId(), repeatable: call.idempotency !== undefined, ...validFor(ctx, call, TICKET_LIFETIME_MS) });
  const answer = { model_url: presigned(ctx, call, path, claims) };
  await takeKnownStep(ctx, call, { ...more, statements: [...statements, ...more.statements], answer });
  return answer;
}

/**
 * The same for the update of a job that a device has just been given: for a day, and what the device reports comes with the upload.
 * Nothing is written down of it. It gives no right that its key and the job do not give at that time, and the same bytes once
 * more get the same answer.
 */
export function uploadWithJob(ctx: Context, call: Call, place: { readonly projectId: string; readonly experimentId: string; readonly jobId: string; readonly deviceId: string }): PresignedUpload {
  const report = { beforeTraining: true, numExamples: null, metrics: {} };
  return presigned(ctx, call, place, { purpose: 'model_update', ...place, ...report, id: ctx.newId(), repeatable: true, ...validFor(ctx, call, LIFETIME_WITH_JOB_MS) });
}

const presigned = (ctx: Context, call: Call, path: ModelPath, claims: TicketClaims): PresignedUpload => ({
  url: `${call.baseUrl}/v1/upload`,
  fields: { key: modelName(path), ticket: signTicket(ctx, claims) },
});

/**
 * The answer that is stored under an Idempotency-Key, with a ticket that can still be used: who comes back after a crash may come
 * late, or with another key of theirs. It is the same ticket, so it still works once.
 */
export function withUsableTicket(ctx: Context, call: Call, answer: UploadTicket): UploadTicket {
  const claims = readSigned(ctx, answer.model_url.fields['ticket']!);
  const lasts = claims.expiresAt - ctx.clock.now().getTime() > TICKET_LIFETIME_MS / 2;
  if (lasts && claims.keyId === call.actor.keyId) return answer;
  const ticket = signTicket(ctx, { ...claims, ...validFor(ctx, call, TICKET_LIFETIME_MS) });
  return { model_url: { ...answer.model_url, fields: { ...answer.model_url.fields, ticket } } };
}

const validFor = (ctx: Context, { actor }: Call, milliseconds: number) => ({ ...keyOfTicket(ctx, actor), expiresAt: ctx.clock.now().getTime() + milliseconds });
