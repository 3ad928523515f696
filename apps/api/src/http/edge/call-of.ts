import type { Request } from 'express';
import type { Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { baseUrl } from './base-url.js';
import { idempotencyOf } from './idempotency-key.js';
import { requestState } from './request-state.js';

/** What use cases see of a request, once it is known who asks and its body has arrived. */
export function callOf(ctx: Context, req: Request): Call {
  const { actor, operation, requestId } = requestState(req);
  if (!actor) throw new Error(`${operation} was reached without a key`);
  const idempotency = idempotencyOf(req);
  return { actor, requestId, baseUrl: baseUrl(ctx, req), ...(idempotency && { idempotency }) };
}
