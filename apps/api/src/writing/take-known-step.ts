import { UnexpectedChanges, type HotStatement } from '@vergeai/db';
import type { Call } from '../access/actor.js';
import { refuseFallen } from '../access/admit-again.js';
import type { Context } from '../context.js';
import type { Signal } from '../signals/signals.js';
import { retryWhenBusy } from './retry-when-busy.js';
import { rightStands } from './right-stands.js';
import { storedAnswer } from './stored-answer.js';

/** A change of state of which every statement is known before the transaction begins. */
export interface KnownStep {
  /** In this order. One that changes another number of rows than it says undoes all of them. */
  readonly statements: readonly HotStatement[];
  /** What the caller is told when it takes effect; kept under its Idempotency-Key. */
  readonly answer?: unknown;
  /** Whom to tell once it is committed. */
  readonly signals?: readonly Signal[];
  /** It makes room on the disk, so it takes effect on a full one, too. */
  readonly makesRoom?: boolean;
}

/**
 * As `takeStep`, without looking in between: past Prisma, for what clients do in numbers. Gives false, having changed
 * nothing, when the rows were not as its statements expect them to be. Throws a Refusal when the caller's right has fallen.
 */
export async function takeKnownStep(
  ctx: Pick<Context, 'db' | 'clock' | 'timebase' | 'secrets' | 'signals'>,
  call: Call | undefined,
  { statements, answer, signals = [], makesRoom = false }: KnownStep,
): Promise<boolean> {
  const all = [...statements, ...storedAnswer(ctx, call, answer)];
  if (all.length === 0) return true;
  const right = call && rightStands(ctx, call);
  const commit = () => retryWhenBusy(ctx, () => ctx.db.write(right ? [...all, right] : all));
  try {
    await (makesRoom ? ctx.db.makingRoom(commit) : commit());
  } catch (error) {
    if (!(error instanceof UnexpectedChanges)) throw error;
    if (call && error.statement === right) return refuseFallen(ctx, call.actor, call.right);
    return false;
  }
  ctx.signals.publish(signals);
  return true;
}
