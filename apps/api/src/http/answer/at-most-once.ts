import { readJson } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import { principalOf, type Call } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { Refusal } from '../../refusal.js';

const runningHere = new Set<string>();

/**
 * Runs a call at most once per Idempotency-Key: gives the stored answer when there is one, else runs `work`, whose use
 * case stores its answer in its own transaction (see `writing/`). Without a key it just runs it.
 * @param room waits until there is room for an answer of so many bytes
 * @param again what to make of a stored answer
 */
export async function atMostOnce(
  ctx: Context,
  { actor, idempotency }: Call,
  room: (bytes: number) => Promise<void>,
  work: () => Promise<unknown>,
  again: (stored: unknown) => unknown = (stored) => stored,
): Promise<unknown> {
  if (!idempotency) return work();
  const principal = principalOf(actor);
  const running = `${principal} ${idempotency.key}`;
  if (runningHere.has(running)) throw new Refusal('idempotency_in_progress', undefined, { retryAfterSec: 1 });
  runningHere.add(running);
  try {
    const stored = await storedAnswer(ctx, principal, idempotency, room);
    return stored ? again(stored.answer) : await work();
  } catch (error) {
    // Another process may have been quicker with the same key: then its answer is the answer.
    const stored = await storedAnswer(ctx, principal, idempotency, room);
    if (stored) return again(stored.answer);
    throw error;
  } finally {
    runningHere.delete(running);
  }
}

const keptFor = query((request: { principal: string; key: string }) =>
  build
    .selectFrom('IdempotentAnswer')
    .select(['requestHash', 'expiresAt'])
    .select(({ fn }) => fn<number>('length', ['answer']).as('bytes'))
    .where('principal', '=', request.principal)
    .where('key', '=', request.key));

const answerTo = query((request: { principal: string; key: string }) =>
  build.selectFrom('IdempotentAnswer').select('answer').where('principal', '=', request.principal).where('key', '=', request.key));

/** An answer is unsealed, parsed and written again. */
const TIMES = 4;

async function storedAnswer(
  ctx: Context,
  principal: string,
  { key, requestHash }: NonNullable<Call['idempotency']>,
  room: (bytes: number) => Promise<void>,
): Promise<{ answer: unknown } | undefined> {
  const kept = await ctx.db.hot.get(keptFor, { principal, key });
  if (!kept || kept.expiresAt <= ctx.clock.now()) return undefined;
  if (kept.requestHash !== requestHash) throw new Refusal('idempotency_key_reused');
  await room(kept.bytes * TIMES);
  const stored = await ctx.db.hot.get(answerTo, { principal, key });
  if (!stored) return undefined;
  const text = ctx.secrets.unseal(stored.answer);
  return { answer: text === '' ? undefined : readJson(text).value };
}
