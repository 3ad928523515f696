import type { Call } from './actor.js';
import { commit, retryWhenBusy, type Transaction } from './commit.js';
import type { Context } from './context.js';
import type { Signal } from './signals/signals.js';

/** One move of the job engine: a transaction, who asked for it (nobody, when the server did), and whom to tell once it is committed. */
export interface Step {
  readonly ctx: Context;
  readonly tx: Transaction;
  readonly call: Call | undefined;
  readonly signals: Signal[];
}

/** Runs a move of the job engine as one transaction and, once it is committed, tells whoever waits for it. */
export async function takeStep<T>(ctx: Context, call: Call | undefined, work: (step: Step) => Promise<T>): Promise<T> {
  let signals: Signal[] = [];
  const run = (tx: Transaction) => {
    // Afresh on every attempt: a transaction that was rolled back has changed nothing.
    signals = [];
    return work({ ctx, tx, call, signals });
  };
  const result = call ? await commit(ctx, call, run) : await retryWhenBusy(ctx, () => ctx.db.prisma.$transaction(run));
  ctx.signals.publish(signals);
  return result;
}
