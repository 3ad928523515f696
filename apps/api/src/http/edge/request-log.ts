import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { actorId, sessionOf } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { requestMeter } from './metrics.js';
import { openRequestState } from './request-state.js';

/**
 * Gives every request an id, and tells of it once it is over. The query is left out of the log: links carry their
 * signature there.
 */
export function requestLog({ log, clock, meters }: Pick<Context, 'log' | 'clock' | 'meters'>): RequestHandler {
  const observe = requestMeter(meters);
  return (req, res, next) => {
    const startedAt = clock.monotonic();
    const state = openRequestState(req, randomUUID());
    res.setHeader('X-Request-Id', state.requestId);
    res.once('close', () => {
      const seconds = (clock.monotonic() - startedAt) / 1000;
      const operation = state.operation ?? 'none';
      observe(operation, res.statusCode, seconds);
      if (state.refusedWith) meters.refusals.inc({ operation, code: state.refusedWith });
      // That a project has reached its limit is no fault of anybody's.
      const level = res.statusCode >= 500 && state.refusedWith !== 'project_storage_full' ? 'error' : 'info';
      if (!log.isLevelEnabled(level)) return;
      log[level](
        {
          request_id: state.requestId,
          method: req.method,
          path: req.originalUrl.split('?', 1)[0],
          operation: state.operation,
          status: res.statusCode,
          ...(state.refusedWith && { code: state.refusedWith }),
          ...(state.actor && { actor: actorId(state.actor), key_id: state.actor.keyId, session_id: sessionOf(state.actor)?.id }),
          ...(!res.writableFinished && { aborted: true }),
          ms: Math.round(seconds * 1e5) / 100,
        },
        'request',
      );
    });
    next();
  };
}
