import type { Operation, UploadTicket } from '@vergeai/contract';
import { validateResponse } from '@ts-rest/core';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { authorise } from '../access/authorise.js';
import { requireSameKey } from '../access/admit-again.js';
import type { Target } from '../access/right.js';
import type { Context } from '../context.js';
import { withUsableTicket } from '../models/upload-ticket.js';
import { atMostOnce } from './answer/at-most-once.js';
import { grows, jsonPieces } from './answer/growing.js';
import type { Outlet } from './answer/outlet.js';
import { sendGrowing } from './answer/send-growing.js';
import { browserOf } from './edge/browser.js';
import { callOf } from './edge/call-of.js';
import { requestState } from './edge/request-state.js';
import { whenGone } from './edge/when-gone.js';
import type { AnyHandler, Validated } from './implement.js';

interface Way {
  readonly outlet: Outlet;
  /** Aborts when the process has been asked to stop. */
  readonly stopping: AbortSignal;
}

/** Lets a caller in, whose key is known and whose request is well-formed, has the handler answer, and holds that to the contract. */
export const respond = (ctx: Context, { route, metadata: { access, carriesModel } }: Operation, handler: AnyHandler, { outlet, stopping }: Way) =>
  async ({ req, res, params, query, body }: Validated & { readonly req: Request; readonly res: Response }) => {
    const right = { access, target: { ...(body as Target | undefined), ...(params as Target) } };
    const call = callOf(ctx, req, right);
    const state = requestState(req);
    const { model } = state;
    // From here on it is not for the end of the connection to remove it: it is being worked on.
    delete state.model;
    try {
      outlet.requireRoom(req);
      const room = (bytes: number) => outlet.room(req, res, bytes);
      // A body may take minutes to arrive: whether its key still counts is asked again, as it is for tickets.
      if (model || state.bodyCameLater) await requireSameKey(ctx, call.actor);
      // A stored answer comes before the policy: who deleted a project and asks again, not having heard the answer, may
      // not see the project any more. The answer is the caller's own.
      const answer = await atMostOnce(ctx, call, room, async () => {
        await authorise(ctx, call.actor, right);
        return handler(ctx, call, {
          params,
          query,
          body,
          room,
          ...(model && { model }),
          // Made only where somebody looks: most answers are there before their client could go.
          get gone() {
            return whenGone(res, stopping);
          },
          get browser() {
            return browserOf(ctx, req, res);
          },
        });
      }, carriesModel && ((stored) => stored && withUsableTicket(ctx, call, stored as UploadTicket)));
      if (answer === undefined) return { status: 204 as const, body: undefined };
      const schema = route.responses[200] as z.ZodType;
      if (grows(answer, schema)) return { status: 200 as const, body: await sendGrowing(req, res, jsonPieces(answer, schema), outlet) };
      return { status: 200 as const, body: validateResponse({ appRoute: route, response: { status: 200, body: answer } }).body };
    } finally {
      await model?.discard();
    }
  };
