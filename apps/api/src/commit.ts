import type { Prisma } from '@vergeai/db';
import { setTimeout as pause } from 'node:timers/promises';
import { principalOf, type Call } from './actor.js';
import type { Context } from './context.js';

export type Transaction = Prisma.TransactionClient;

const ATTEMPTS = 3;
const KEEP_ANSWER_MS = 24 * 60 * 60 * 1000;

/**
 * Runs a use case's writes as one transaction and gives its answer. When the caller sent an Idempotency-Key the answer
 * is stored in that same transaction, sealed, so that there is no moment at which one is true without the other.
 * A database that is busy is tried again twice; `work` may run more than once and must touch nothing but `tx`.
 */
export async function commit<T>(ctx: Context, call: Call, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return retryWhenBusy(ctx, () =>
    ctx.db.prisma.$transaction(async (tx) => {
      const answer = await work(tx);
      await storeAnswer(ctx, call, tx, answer);
      return answer;
    }),
  );
}

/** Runs a write of the server's own as one transaction, trying again when the database is busy. */
export async function retryWhenBusy<T>(ctx: Pick<Context, 'db'>, attempt: () => Promise<T>): Promise<T> {
  for (let failed = 1; ; failed++) {
    try {
      return await attempt();
    } catch (error) {
      if (failed >= ATTEMPTS || !ctx.db.isBusy(error)) throw error;
      await pause(Math.random() * 50 * 2 ** failed);
    }
  }
}

async function storeAnswer(ctx: Context, { actor, idempotency }: Call, tx: Transaction, answer: unknown): Promise<void> {
  if (!idempotency) return;
  const principal = principalOf(actor);
  const now = ctx.clock.now();
  await tx.idempotentAnswer.deleteMany({ where: { principal, key: idempotency.key, expiresAt: { lte: now } } });
  await tx.idempotentAnswer.create({
    data: {
      principal,
      key: idempotency.key,
      requestHash: idempotency.requestHash,
      answer: ctx.secrets.seal(answer === undefined ? '' : JSON.stringify(answer)),
      createdAt: now,
      expiresAt: new Date(now.getTime() + KEEP_ANSWER_MS),
    },
  });
}
