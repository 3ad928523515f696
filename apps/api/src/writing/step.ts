import type { Call } from '../access/actor.js';
import { commit, retryWhenBusy, type Transaction } from './commit.js';
import type { Context } from '../context.js';
import { writeEvents, type NewEvent } from './record-event.js';
import type { Signal } from '../signals/signals.js';

/**
 * One move of the job engine: a transaction, who asked for it (nobody, when the server did), what to write into the logs
 * of experiments at its end, and whom to tell once it is committed.
 */
export interface Step {
  readonly ctx: Context;
  readonly tx: Transaction;
  readonly call: Call | undefined;
  /** By experiment, in order. */
  readonly events: Map<string, NewEvent[]>;
  readonly signals: Signal[];
}

/** Runs a move of the job engine as one transaction and, once it is committed, tells whoever waits for it. */
export async function takeStep<T>(ctx: Context, call: Call | undefined, work: (step: Step) => Promise<T>): Promise<T> {
  let signals: Signal[] = [];
  const run = async (tx: Transaction) => {
    // Afresh on every attempt: a transaction that was rolled back has changed nothing.
    signals = [];
    const step: Step = { ctx, tx, call, events: new Map(), signals };
    const answer = await work(step);
    await writeEvents(step);
    return answer;
  };
  const result = call ? await commit(ctx, call, run) : await retryWhenBusy(ctx, () => ctx.db.prisma.$transaction(run));
  ctx.signals.publish(signals);
  return result;
}
