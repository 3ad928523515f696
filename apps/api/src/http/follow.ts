import type { Operation } from '@vergeai/contract';
import { validateIfSchema } from '@ts-rest/core';
import type { RequestHandler } from 'express';
import { admitKey } from '../access/admit-key.js';
import type { Target } from '../access/authorise.js';
import type { Context } from '../context.js';
import { asksForStream, sendEventStream } from './answer/event-stream.js';
import type { Outlet } from './answer/outlet.js';
import { callOf } from './edge/call-of.js';
import type { AnyStream } from './implement.js';

/**
 * Answers who asks with `Accept: text/event-stream`, and lets all others by. The right to read is asked for again before
 * every look at the log: a stream may be open for days.
 */
export const follow = (ctx: Context, { route, metadata }: Operation, streamOf: AnyStream, { outlet, stopping }: { readonly outlet: Outlet; readonly stopping: AbortSignal }): RequestHandler =>
  async (req, res, next) => {
    if (!asksForStream(req)) return next();
    const params = validateIfSchema(req.params, route.pathParams);
    const query = validateIfSchema(req.query, route.query);
    // What is wrong with them is told as for any other request.
    if (params.error || query.error) return next();
    const { keyId } = callOf(ctx, req).actor;
    const log = streamOf(ctx, { params: params.value, query: query.value });
    const read: typeof log.read = async (after) => {
      await admitKey(ctx, metadata.access, keyId, params.value as Target);
      return log.read(after);
    };
    await sendEventStream(req, res, { ...log, read }, { clock: ctx.clock, outlet, stopping });
  };
