import type { Call } from '../access/actor.js';
import { keyOfTicket } from '../access/find-actor.js';
import type { Context } from '../context.js';
import { signTicket } from './tickets.js';

const LINK_LIFETIME_MS = 60 * 60 * 1000;

/** A signed URL for one stored model, good for an hour and as long as the key it was asked for with. */
export function downloadLink(ctx: Context, call: Call, model: { id: string; projectId: string; experimentId: string }) {
  const ticket = signTicket(ctx, {
    purpose: 'download',
    id: ctx.newId(),
    ...keyOfTicket(ctx, call.actor),
    projectId: model.projectId,
    experimentId: model.experimentId,
    modelId: model.id,
    expiresAt: ctx.clock.now().getTime() + LINK_LIFETIME_MS,
  });
  return { model_url: `${call.baseUrl}/v1/download?ticket=${ticket}` };
}
