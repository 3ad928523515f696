import { insert, type HotStatement, type Prisma } from '@vergeai/db';
import { setTimeout as pause } from 'node:timers/promises';
import { principalOf, type Call } from '../access/actor.js';
import type { Context } from '../context.js';

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

/** As `commit`, for writes that are known beforehand: past most of Prisma, for what clients do in numbers. */
export async function commitStatements<T>(ctx: Context, call: Call, statements: readonly HotStatement[], answer: T): Promise<T> {
  const stored = answerRow(ctx, call, answer);
  const all = stored ? [...statements, forgetExpired(stored), insert('IdempotentAnswer', stored)] : statements;
  await retryWhenBusy(ctx, () => ctx.db.write(all));
  return answer;
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

async function storeAnswer(ctx: Context, call: Call, tx: Transaction, answer: unknown): Promise<void> {
  const row = answerRow(ctx, call, answer);
  if (!row) return;
  const { principal, key, createdAt } = row;
  await tx.idempotentAnswer.deleteMany({ where: { principal, key, expiresAt: { lte: createdAt } } });
  await tx.idempotentAnswer.create({ data: row });
}

/** What is kept of an answer; undefined when the caller sent no Idempotency-Key. */
function answerRow(ctx: Context, { actor, idempotency }: Call, answer: unknown) {
  if (!idempotency) return undefined;
  const now = ctx.clock.now();
  return {
    principal: principalOf(actor),
    key: idempotency.key,
    requestHash: idempotency.requestHash,
    answer: ctx.secrets.seal(answer === undefined ? '' : JSON.stringify(answer)),
    createdAt: now,
    expiresAt: new Date(now.getTime() + KEEP_ANSWER_MS),
  };
}

const forgetExpired = ({ principal, key, createdAt }: { principal: string; key: string; createdAt: Date }): HotStatement => ({
  sql: 'DELETE FROM "IdempotentAnswer" WHERE "principal" = ? AND "key" = ? AND "expiresAt" <= ?',
  params: [principal, key, createdAt],
});
