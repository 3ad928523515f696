import { createHash } from 'node:crypto';
import { build, query } from '@vergeai/db';
import type { Request, RequestHandler } from 'express';
import { principalOf, type Actor } from '../access/actor.js';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import { requestState } from './edge/request-state.js';

interface IdempotentRequest {
  readonly key: string;
  readonly requestHash: string;
}

const runningHere = new Set<string>();

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

/** What makes two requests the same: the method, the path and the bytes of the body. */
export function idempotentRequest(req: Request): IdempotentRequest | undefined {
  const { idempotencyKey, bodyHash, model } = requestState(req);
  if (!idempotencyKey) return undefined;
  const requestHash = createHash('sha256')
    .update([req.method, req.originalUrl, bodyHash ?? '', model?.sha256 ?? ''].join('\n'))
    .digest('hex');
  return { key: idempotencyKey, requestHash };
}

/**
 * Runs a request at most once per key: gives the stored answer when there is one, else runs `work`, whose use case
 * stores its answer in its own transaction (see `writing/`). Without a key it just runs it.
 */
export async function atMostOnce(ctx: Context, actor: Actor, request: IdempotentRequest | undefined, work: () => Promise<unknown>): Promise<unknown> {
  if (!request) return work();
  const principal = principalOf(actor);
  const running = `${principal} ${request.key}`;
  if (runningHere.has(running)) throw new Refusal('idempotency_in_progress', undefined, { retryAfterSec: 1 });
  runningHere.add(running);
  try {
    const stored = await storedAnswer(ctx, principal, request);
    return stored ? stored.answer : await work();
  } catch (error) {
    // Another process may have been quicker with the same key: then its answer is the answer.
    const stored = await storedAnswer(ctx, principal, request);
    if (stored) return stored.answer;
    throw error;
  } finally {
    runningHere.delete(running);
  }
}

const answerTo = query((request: { principal: string; key: string }) =>
  build
    .selectFrom('IdempotentAnswer')
    .select(['requestHash', 'answer', 'expiresAt'])
    .where('principal', '=', request.principal)
    .where('key', '=', request.key));

async function storedAnswer(ctx: Context, principal: string, request: IdempotentRequest): Promise<{ answer: unknown } | undefined> {
  const stored = await ctx.db.hot.get(answerTo, { principal, key: request.key });
  if (!stored || stored.expiresAt <= ctx.clock.now()) return undefined;
  if (stored.requestHash !== request.requestHash) throw new Refusal('idempotency_key_reused');
  const text = ctx.secrets.unseal(stored.answer);
  return { answer: text === '' ? undefined : (JSON.parse(text) as unknown) };
}
