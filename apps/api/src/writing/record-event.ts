import { actorId, type Call } from '../access/actor.js';
import type { Context } from '../context.js';
import type { Step } from './step.js';

export interface NewEvent {
  readonly type: string;
  readonly jobId?: string;
  readonly deviceId?: string;
  readonly data?: Record<string, unknown>;
}

/** Adds to an experiment's log, as part of a step. */
export function recordEvent({ events }: Step, experimentId: string, event: NewEvent): void {
  const before = events.get(experimentId);
  if (before) before.push(event);
  else events.set(experimentId, [event]);
}

/**
 * Writes down what a step has recorded, in its transaction. The numbers come from a counter on the experiment's row, so
 * two transactions take turns and no number is ever missing or given twice.
 */
export async function writeEvents({ ctx, tx, call, events, signals }: Step): Promise<void> {
  for (const [experimentId, recorded] of events) {
    const [experiment] = await tx.experiment.updateManyAndReturn({
      where: { id: experimentId },
      data: { nextEventSequence: { increment: recorded.length } },
      select: { nextEventSequence: true },
    });
    const first = experiment!.nextEventSequence - recorded.length;
    await tx.event.createMany({ data: recorded.map((event, at) => ({ experimentId, ...eventRow(ctx, call, event, first + at) })) });
    signals.push({ about: 'experiment', id: experimentId });
  }
}

/** The row of an event, for writes that know its number beforehand. */
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
