import type { RequestHandler } from 'express';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';

/** The process runs. */
export const livez: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

/** Requests can be served: it is not stopping, and the database answers. */
export const readyz = (ctx: Context, stopping: AbortSignal): RequestHandler =>
  async (_req, res) => {
    if (stopping.aborted) throw new Refusal('stopping');
    await ctx.db.hot.get('SELECT s."id" FROM "Server" s WHERE s."id" = ?', [1]);
    res.json({ status: 'ok' });
  };
