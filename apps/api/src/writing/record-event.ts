import { build, insert, statement, type HotStatement } from '@vergeai/db';
import { actorId, type Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { changedExperiment, changedJob } from '../signals/changed.js';
import type { Signal } from '../signals/signals.js';
import type { NewEvent } from './new-event.js';
import type { Step } from './step.js';

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
  const rows = [];
  for (const [experimentId, recorded] of events) {
    const [experiment] = await tx.experiment.updateManyAndReturn({
      where: { id: experimentId },
      data: { nextEventSequence: { increment: recorded.length } },
      select: { nextEventSequence: true, projectId: true },
    });
    const first = experiment!.nextEventSequence - recorded.length;
    rows.push(...recorded.map((event, at) => ({ experimentId, sequence: first + at, ...eventRow(ctx, call, event) })));
    signals.push({ about: 'experiment', id: experimentId }, ...changesIn(experiment!.projectId, experimentId, recorded));
  }
  if (rows.length > 0) await tx.event.createMany({ data: rows });
}

/** What of a project is not what it was, going by what its logs say. */
export const changesIn = (projectId: string, experimentId: string, events: readonly NewEvent[]): Signal[] =>
  [...new Set(events.map(({ jobId }) => jobId ?? undefined))].map((jobId) => (jobId === undefined ? changedExperiment(projectId, experimentId) : changedJob(projectId, jobId, experimentId)));

/** The first event of an experiment that is made by the same statements. */
export const firstEvent = (ctx: Pick<Context, 'clock'>, call: Call, experimentId: string, event: NewEvent): HotStatement =>
  insert('Event', { experimentId, sequence: 1, ...eventRow(ctx, call, event) });

type EventRow = ReturnType<typeof eventRow>;

/** Its number is behind the counter by `back`. */
const insertEvent = statement((row: EventRow & { experimentId: string; back: number }) =>
  build.insertInto('Event').values((of) => ({
    experimentId: row.experimentId,
    sequence: of
      .selectFrom('Experiment')
      .select((experiment) => experiment('nextEventSequence', '-', row.back).as('sequence'))
      .where('id', '=', row.experimentId),
    type: row.type,
    jobId: row.jobId,
    deviceId: row.deviceId,
    actorId: row.actorId,
    keyId: row.keyId,
    data: row.data,
    createdAt: row.createdAt,
  })));

/** The events of a known step, in order; the statement before them has moved the experiment's counter on by as many. */
export const knownEvents = (ctx: Pick<Context, 'clock'>, call: Call | undefined, experimentId: string, events: readonly NewEvent[]): HotStatement[] =>
  events.map((event, at) => insertEvent({ experimentId, back: events.length - at, ...eventRow(ctx, call, event) }));

function eventRow(ctx: Pick<Context, 'clock'>, call: Call | undefined, event: NewEvent) {
  return {
    type: event.type,
    jobId: event.jobId ?? null,
    deviceId: event.deviceId ?? null,
    actorId: call ? actorId(call.actor) : null,
    keyId: call?.actor.keyId ?? null,
    data: JSON.stringify(event.data),
    createdAt: ctx.clock.now(),
  };
}
