import type { Request } from 'express';
import type { Call } from '../../access/actor.js';
import type { Right } from '../../access/right.js';
import type { Context } from '../../context.js';
import { baseUrl } from './base-url.js';
import { idempotencyOf } from './idempotency-key.js';
import { actorOf, requestState } from './request-state.js';

/** What use cases see of a request, once it is known who asks and its body has arrived. */
export function callOf(ctx: Context, req: Request, right: Right): Call {
  const { requestId } = requestState(req);
  const idempotency = idempotencyOf(req);
  return { actor: actorOf(req), right, requestId, baseUrl: baseUrl(ctx, req), ...(idempotency && { idempotency }) };
}
