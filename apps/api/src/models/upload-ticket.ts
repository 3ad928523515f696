import type { UploadTicket } from '@vergeai/contract';
import type { Call } from '../access/actor.js';
import { keyOfTicket } from '../access/find-actor.js';
import { takeKnownStep } from '../writing/take-known-step.js';
import type { Context } from '../context.js';
import { modelName, type ModelPath } from './present-model.js';
import { signTicket, type UploadClaims } from './tickets.js';

const TICKET_LIFETIME_MS = 10 * 60 * 1000;

type Purpose = UploadClaims extends infer C ? (C extends UploadClaims ? Omit<C, 'id' | 'keyId' | 'keyMark' | 'expiresAt'> : never) : never;

/** A presigned POST for the model that `path` names: good once, for ten minutes, for this caller. */
export async function issueUploadTicket(ctx: Context, call: Call, path: ModelPath, purpose: Purpose): Promise<UploadTicket> {
  const ticket = signTicket(ctx, {
    ...purpose,
    id: ctx.newId(),
    ...keyOfTicket(ctx, call.actor),
    expiresAt: ctx.clock.now().getTime() + TICKET_LIFETIME_MS,
  });
  const answer = { model_url: { url: `${call.baseUrl}/v1/upload`, fields: { key: modelName(path), ticket } } };
  await takeKnownStep(ctx, call, { statements: [], answer });
  return answer;
}
