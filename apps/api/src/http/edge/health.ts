import { build, query } from '@vergeai/db';
import type { RequestHandler } from 'express';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';

/** The process runs. */
export const livez: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

const server = query(() => build.selectFrom('Server').select('id'));

/** Requests can be served: it is not stopping, and the database answers. */
export const readyz = (ctx: Context, stopping: AbortSignal): RequestHandler =>
  async (_req, res) => {
    if (stopping.aborted) throw new Refusal('stopping');
    await ctx.db.hot.get(server, {});
    res.json({ status: 'ok' });
  };
