import { actorId, type Call } from './actor.js';
import type { Transaction } from './commit.js';
import type { Context } from './context.js';

export interface NewEvent {
  readonly type: string;
  readonly jobId?: string;
  readonly deviceId?: string;
  readonly data?: Record<string, unknown>;
}

/**
 * Adds to an experiment's log, in the transaction that makes it true. The number comes from a counter on the
 * experiment's row, so two transactions take turns and no number is ever missing or given twice.
 */
export async function recordEvent(ctx: Context, tx: Transaction, call: Call | undefined, experimentId: string, event: NewEvent): Promise<void> {
  const [experiment] = await tx.experiment.updateManyAndReturn({
    where: { id: experimentId },
    data: { nextEventSequence: { increment: 1 } },
    select: { nextEventSequence: true },
  });
  await tx.event.create({
    data: { experimentId, ...eventRow(ctx, call, event, experiment!.nextEventSequence - 1) },
  });
}

/** The row of an event, for writes that nest it in the row of its experiment. */
export function eventRow(ctx: Context, call: Call | undefined, event: NewEvent, sequence: number) {
  return {
    sequence,
    type: event.type,
    jobId: event.jobId ?? null,
    deviceId: event.deviceId ?? null,
    actorId: call ? actorId(call.actor) : null,
    keyId: call?.actor.keyId ?? null,
    data: JSON.stringify(event.data ?? {}),
    createdAt: ctx.clock.now(),
  };
}
