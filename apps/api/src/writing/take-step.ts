import { UnexpectedChanges, type HotStatement, type Transaction } from '@vergeai/db';
import type { Call } from '../access/actor.js';
import { refuseFallen } from '../access/admit-again.js';
import type { Context } from '../context.js';
import type { Signal } from '../signals/signals.js';
import { countEndedJobs } from './count-ended-jobs.js';
import { writeEvents } from './record-event.js';
import { retryWhenBusy } from './retry-when-busy.js';
import { rightStands } from './right-stands.js';
import type { Step } from './step.js';
import { storedAnswer } from './stored-answer.js';

/**
 * Changes the state of things: runs `work` as one transaction, with the events that it records and, when the caller sent
 * an Idempotency-Key, the answer that it gives. Once that is committed, tells whoever waits for it.
 * A database that is busy is tried again twice; `work` may run more than once and must touch nothing but the step.
 *
 * Throws a Refusal when the caller's right has fallen. One that makes room on the disk takes effect on a full one, too.
 */
export async function takeStep<T>(ctx: Context, call: Call | undefined, work: (step: Step) => Promise<T>, { makesRoom = false } = {}): Promise<T> {
  let signals: Signal[] = [];
  let events: Step['events'] = new Map();
  let right: HotStatement | undefined;
  const attempt = async (tx: Transaction) => {
    // Afresh on every attempt: a transaction that was rolled back has changed nothing.
    signals = [];
    events = new Map();
    right = undefined;
    const askForRight = async () => {
      if (!call) return;
      right = rightStands(ctx, call);
      await ctx.db.run(tx, right);
    };
    const step: Step = { ctx, tx, call, events, signals, askForRight };
    const answer = await work(step);
    await writeEvents(step);
    for (const statement of storedAnswer(ctx, call, answer)) await ctx.db.run(tx, statement);
    if (!right) await askForRight();
    return answer;
  };
  const commit = () => retryWhenBusy(ctx, () => ctx.db.prisma.$transaction(attempt));
  const answer = await (makesRoom ? ctx.db.makingRoom(commit) : commit()).catch((error: unknown) => {
    if (call && error instanceof UnexpectedChanges && error.statement === right) return refuseFallen(ctx, call.actor, call.right);
    throw error;
  });
  countEndedJobs(ctx, events);
  ctx.signals.publish(signals);
  return answer;
}
