import { readJson } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import { principalOf, type Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';

const runningHere = new Set<string>();

/**
 * Runs a call at most once per Idempotency-Key: gives the stored answer when there is one, else runs `work`, whose use
 * case stores its answer in its own transaction (see `writing/`). Without a key it just runs it.
 * @param again what to make of a stored answer
 */
export async function atMostOnce(
  ctx: Context,
  { actor, idempotency }: Call,
  work: () => Promise<unknown>,
  again: (stored: unknown) => unknown = (stored) => stored,
): Promise<unknown> {
  if (!idempotency) return work();
  const principal = principalOf(actor);
  const running = `${principal} ${idempotency.key}`;
  if (runningHere.has(running)) throw new Refusal('idempotency_in_progress', undefined, { retryAfterSec: 1 });
  runningHere.add(running);
  try {
    const stored = await storedAnswer(ctx, principal, idempotency);
    return stored ? again(stored.answer) : await work();
  } catch (error) {
    // Another process may have been quicker with the same key: then its answer is the answer.
    const stored = await storedAnswer(ctx, principal, idempotency);
    if (stored) return again(stored.answer);
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

async function storedAnswer(ctx: Context, principal: string, { key, requestHash }: NonNullable<Call['idempotency']>): Promise<{ answer: unknown } | undefined> {
  const stored = await ctx.db.hot.get(answerTo, { principal, key });
  if (!stored || stored.expiresAt <= ctx.clock.now()) return undefined;
  if (stored.requestHash !== requestHash) throw new Refusal('idempotency_key_reused');
  const text = ctx.secrets.unseal(stored.answer);
  return { answer: text === '' ? undefined : readJson(text).value };
}
