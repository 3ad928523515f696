import type { Transaction } from '@vergeai/db';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import type { Signal } from '../signals/signals.js';
import { writeEvents } from './record-event.js';
import { retryWhenBusy } from './retry-when-busy.js';
import type { Step } from './step.js';
import { storedAnswer } from './stored-answer.js';

/**
 * Changes the state of things: runs `work` as one transaction, with the events that it records and, when the caller sent
 * an Idempotency-Key, the answer that it gives. Once that is committed, tells whoever waits for it.
 * A database that is busy is tried again twice; `work` may run more than once and must touch nothing but the step.
 */
export async function takeStep<T>(ctx: Context, call: Call | undefined, work: (step: Step) => Promise<T>): Promise<T> {
  let signals: Signal[] = [];
  const attempt = async (tx: Transaction) => {
    // Afresh on every attempt: a transaction that was rolled back has changed nothing.
    signals = [];
    const step: Step = { ctx, tx, call, events: new Map(), signals };
    const answer = await work(step);
    await writeEvents(step);
    for (const statement of storedAnswer(ctx, call, answer)) await ctx.db.run(tx, statement);
    return answer;
  };
  const answer = await retryWhenBusy(ctx, () => ctx.db.prisma.$transaction(attempt));
  ctx.signals.publish(signals);
  return answer;
}
