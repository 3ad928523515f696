import type { RequestHandler } from 'express';
import type { Context } from '../../context.js';
import { findActor } from '../../access/find-actor.js';
import type { LastUsed } from '../../access/last-used.js';
import { hasBody } from '../body/has-body.js';
import { Refusal } from '../../refusal.js';
import type { RateLimits } from './rate-limit.js';
import { requestState } from './request-state.js';

const MAX_KEY_LENGTH = 512;

/** Finds out who is asking. Throws a Refusal `key_missing`, `key_invalid` or `rate_limited`. */
export const authenticate = (ctx: Context, limits: RateLimits, lastUsed: LastUsed): RequestHandler =>
  async (req, _res, next) => {
    const key = presentedKey(req.headers.authorization);
    if (!key) throw new Refusal('key_missing');
    const actor = key.length <= MAX_KEY_LENGTH && (await findActor(ctx, key));
    if (!actor) throw new Refusal('key_invalid');
    const state = requestState(req);
    state.actor = actor;
    // False where the database took longer to answer than the body to arrive.
    state.bodyCameLater = hasBody(req.headers) && !req.complete;
    await limits.perKey?.(actor.keyId);
    lastUsed.note(actor.keyId);
    if (actor.kind === 'device') ctx.presence.note(actor.deviceId, req.headers['user-agent']);
    next();
  };

/** `<key>`, as published clients send it, or `Bearer <key>`. */
const presentedKey = (header: string | undefined) => header?.replace(/^bearer +/i, '').trim();
