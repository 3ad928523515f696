import { writeJson } from '@vergeai/contract';
import { build, insert, statement, type HotStatement } from '@vergeai/db';
import { principalOf, type Call } from '../access/actor.js';
import type { Context } from '../context.js';

const KEEP_ANSWER_MS = 24 * 60 * 60 * 1000;

const forgetExpired = statement((answer: { principal: string; key: string; now: Date }) =>
  build.deleteFrom('IdempotentAnswer').where('principal', '=', answer.principal).where('key', '=', answer.key).where('expiresAt', '<=', answer.now));

/**
 * What keeps the answer to a request that came with an Idempotency-Key, sealed; nothing for any other. It belongs into the
 * transaction that makes the answer true, so that there is no moment at which one is true without the other.
 */
export function storedAnswer(ctx: Pick<Context, 'clock' | 'secrets'>, call: Call | undefined, answer: unknown): HotStatement[] {
  if (!call?.idempotency) return [];
  const { key, requestHash } = call.idempotency;
  const principal = principalOf(call.actor);
  const now = ctx.clock.now();
  return [
    forgetExpired({ principal, key, now }),
    insert('IdempotentAnswer', {
      principal,
      key,
      requestHash,
      answer: ctx.secrets.seal(answer === undefined ? '' : writeJson(answer)),
      createdAt: now,
      expiresAt: new Date(now.getTime() + KEEP_ANSWER_MS),
    }),
  ];
}
