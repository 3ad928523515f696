import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Call } from '../../access/actor.js';
import { Refusal } from '../../refusal.js';
import { requestState } from './request-state.js';

/** Reads the header before the body, so that the body is hashed only where somebody asked for it. */
export const noteIdempotencyKey: RequestHandler = (req, _res, next) => {
  const key = req.get('Idempotency-Key');
  if (key === undefined) return next();
  if (key.length < 1 || key.length > 255)
    throw new Refusal('invalid_request', 'The Idempotency-Key must have 1 to 255 characters.', {
      errors: [{ path: '/headers/idempotency-key', message: 'must have 1 to 255 characters' }],
    });
  requestState(req).idempotencyKey = key;
  next();
};

/** What makes two requests the same: the method, the path and the bytes of the body. Undefined when no key came with it. */
export function idempotencyOf(req: Request): Call['idempotency'] {
  const { idempotencyKey, bodyHash, model } = requestState(req);
  if (!idempotencyKey) return undefined;
  const requestHash = createHash('sha256')
    .update([req.method, req.originalUrl, bodyHash ?? '', model?.sha256 ?? ''].join('\n'))
    .digest('hex');
  return { key: idempotencyKey, requestHash };
}
