import type { Operation } from '@vergeai/contract';
import { validateIfSchema } from '@ts-rest/core';
import type { RequestHandler } from 'express';
import { admitAgain } from '../access/admit-again.js';
import type { Target } from '../access/right.js';
import type { Context } from '../context.js';
import { sendChangeStream } from './answer/change-stream.js';
import { asksForStream, sendEventStream } from './answer/event-stream.js';
import type { Outlet } from './answer/outlet.js';
import { actorOf } from './edge/request-state.js';
import type { AnyStream } from './implement.js';

/**
 * Answers who asks with `Accept: text/event-stream`, and lets all others by. The right to read is asked for again before
 * every look: a stream may be open for days.
 */
export const follow = (ctx: Context, { route, metadata }: Operation, streamOf: AnyStream, { outlet, stopping }: { readonly outlet: Outlet; readonly stopping: AbortSignal }): RequestHandler =>
  async (req, res, next) => {
    if (!asksForStream(req, metadata.streams === 'only')) return next();
    const params = validateIfSchema(req.params, route.pathParams);
    const query = validateIfSchema(req.query, route.query);
    // What is wrong with them is told as for any other request.
    if (params.error || query.error) return next();
    const right = { access: metadata.access, target: params.value as Target };
    const log = streamOf(ctx, { params: params.value, query: query.value });
    const admit = () => admitAgain(ctx, actorOf(req), right);
    const server = { clock: ctx.clock, outlet, stopping };
    if (!('read' in log)) return sendChangeStream(req, res, { ...log, admit }, server);
    const read: typeof log.read = async (after) => {
      await admit();
      return log.read(after);
    };
    await sendEventStream(req, res, { ...log, read }, server);
  };
