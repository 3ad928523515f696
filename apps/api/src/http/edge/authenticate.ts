import type { Request, RequestHandler } from 'express';
import type { Actor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { findActor, findActorOfCode, findActorOfSession } from '../../access/find-actor.js';
import type { LastUsed } from '../../access/last-used.js';
import { hasBody } from '../body/has-body.js';
import { Refusal } from '../../refusal.js';
import { requireOwnPage, sessionToken } from './browser.js';
import type { RateLimits } from './rate-limit.js';
import { requestState } from './request-state.js';
import { requireKnownHost, saidOrigin, wayHere } from './way-here.js';

const MAX_KEY_LENGTH = 512;

/** Ways in: each finds out who is asking, or throws a Refusal. */
export interface WaysIn {
  /** By a key or a session: `key_missing`, `key_invalid`, `session_invalid`, `cross_site_request`, `host_not_allowed`, `rate_limited`. */
  readonly usual: RequestHandler;
  /** To begin a session, before the body is there: by a key, if there is one. As above, and `web_off`, `sign_in_needs_tls`. */
  readonly signIn: RequestHandler;
  /** Once the body is there, for who came without a key: by the code in it. `key_missing`, `code_invalid`, `rate_limited`. */
  readonly byCode: RequestHandler;
}

export function waysIn(ctx: Context, limits: RateLimits, lastUsed: LastUsed): WaysIn {
  const letIn = async (req: Request, actor: Actor) => {
    requestState(req).actor = actor;
    await limits.perKey?.(actor.keyId);
    lastUsed.note(actor);
    if (actor.kind === 'device') ctx.presence.note(actor, req.headers['user-agent']);
  };
  // False where the database took longer to answer than the body to arrive.
  const noteLateBody = (req: Request) => (requestState(req).bodyCameLater = hasBody(req.headers) && !req.complete);
  return {
    async usual(req, _res, next) {
      const { authorization } = req.headers;
      const actor = authorization === undefined ? await bySession(ctx, req) : await byKey(ctx, authorization);
      noteLateBody(req);
      await letIn(req, actor);
      next();
    },
    async signIn(req, _res, next) {
      await limits.signIn?.(req.ip ?? 'unknown');
      requireSignInHere(ctx, req);
      const { authorization } = req.headers;
      const actor = authorization === undefined ? undefined : await byKey(ctx, authorization);
      noteLateBody(req);
      if (actor) await letIn(req, actor);
      next();
    },
    async byCode(req, _res, next) {
      const code = (req.body as { code?: unknown } | undefined)?.code;
      if (requestState(req).actor) {
        if (code !== undefined) throw new Refusal('invalid_request', 'Send either a key or a code.', { errors: [{ path: '/body/code', message: 'must not come with a key' }] });
        return next();
      }
      if (code === undefined) throw new Refusal('key_missing');
      const actor = typeof code === 'string' && code.length <= MAX_KEY_LENGTH && (await findActorOfCode(ctx, code));
      if (!actor) throw new Refusal('code_invalid');
      await letIn(req, actor);
      next();
    },
  };
}

/** `<key>`, as published clients send it, or `Bearer <key>`. */
async function byKey(ctx: Context, authorization: string): Promise<Actor> {
  const key = authorization.replace(/^bearer +/i, '').trim();
  if (!key) throw new Refusal('key_missing');
  const actor = key.length <= MAX_KEY_LENGTH && (await findActor(ctx, key));
  if (!actor) throw new Refusal('key_invalid');
  return actor;
}

async function bySession(ctx: Context, req: Request): Promise<Actor> {
  const token = ctx.config.web ? sessionToken(ctx, req) : undefined;
  if (token === undefined) throw new Refusal('key_missing');
  requireKnownHost(ctx, req);
  requireOwnPage(ctx, req);
  const actor = await findActorOfSession(ctx, token);
  if (!actor) throw new Refusal('session_invalid');
  return actor;
}

/** A page of strangers must not sign its visitors in either: what they then do would be done for somebody else. */
function requireSignInHere(ctx: Context, req: Request): void {
  if (!ctx.config.web) throw new Refusal('web_off');
  requireKnownHost(ctx, req);
  if (saidOrigin(ctx, req) === 'elsewhere') throw new Refusal('cross_site_request');
  if (!wayHere(ctx, req)) throw new Refusal('sign_in_needs_tls');
}
