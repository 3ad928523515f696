import type { EventEntry } from '@vergeai/contract';
import type { Context } from '../../context.js';
import { EVENTS_AT_ONCE, findEvents, isFiltered, type EventFilter, type EventRange } from '../../reading/find-events.js';
import { inStretches } from '../../reading/in-batches.js';
import { timestamp } from '../../reading/times.js';
import { requireExperiment } from '../../reading/experiment-row.js';
import { pointer, Refusal } from '../../refusal.js';

interface ExperimentPath {
  readonly project_id: string;
  readonly experiment_id: string;
}

interface Asked extends EventRange, EventFilter {
  readonly limit: number;
}

/** The experiment's log: oldest first, or newest first. */
export async function listEvents(ctx: Context, input: ExperimentPath, { limit, ...asked }: Asked) {
  await requireExperiment(ctx, input.project_id, input.experiment_id);
  const outlined = await findEvents(ctx, input.experiment_id, asked, asked);
  const shown = outlined.slice(0, limit);
  const stretches = inStretches(shown);
  const next = outlined.length > limit ? shown.at(-1)!.sequence : null;
  return {
    data: stretches.length > 1 ? readInStretches(ctx, input, stretches, asked) : await readStretch(ctx, input, shown, asked),
    ...(asked.order === 'desc' ? { next_after: null, next_before: next } : { next_after: next }),
  };
}

type Numbered = ReadonlyArray<{ readonly sequence: number }>;

async function* readInStretches(ctx: Context, input: ExperimentPath, stretches: readonly Numbered[], asked: EventRange & EventFilter) {
  for (const stretch of stretches) yield await readStretch(ctx, input, stretch, asked);
}

async function readStretch(ctx: Context, { experiment_id }: ExperimentPath, stretch: Numbered, { order = 'asc', ...filter }: Pick<EventRange, 'order'> & EventFilter): Promise<EventEntry[]> {
  if (stretch.length === 0) return [];
  const numbers = stretch.map(({ sequence }) => sequence);
  const rows = await ctx.db.prisma.event.findMany({
    // Without a filter they have no gaps.
    where: { experimentId: experiment_id, sequence: isFiltered(filter) ? { in: numbers } : { gte: Math.min(...numbers), lte: Math.max(...numbers) } },
    orderBy: { sequence: order },
  });
  // As it stands in the log, whichever version of the server wrote it.
  return rows.map(
    (row) =>
      ({
        sequence: row.sequence,
        type: row.type,
        job_id: row.jobId,
        device_id: row.deviceId,
        actor_id: row.actorId,
        key_id: row.keyId,
        data: JSON.parse(row.data) as Record<string, unknown>,
        created_at: timestamp(row.createdAt),
      }) as EventEntry,
  );
}

/** The same as it grows, from the event after number `after`: as many at a time as are read at once. */
export function followEvents(ctx: Context, input: ExperimentPath, { after, before, order, ...filter }: EventRange & EventFilter) {
  if (before !== undefined) throw notFollowed('before', 'does not go with an event stream, which has no last event');
  if (order === 'desc') throw notFollowed('order', 'must be "asc" for an event stream, which tells events as they happen');
  return {
    after,
    async read(last: number) {
      await requireExperiment(ctx, input.project_id, input.experiment_id);
      const outlined = await findEvents(ctx, input.experiment_id, { after: last }, filter);
      const [shown = []] = inStretches(outlined);
      const isAll = shown.length === outlined.length && outlined.length < EVENTS_AT_ONCE;
      return { data: await readStretch(ctx, input, shown, filter), next_after: isAll ? null : shown.at(-1)!.sequence };
    },
    subscribe: (onNews: () => void) =>
      ctx.signals.subscribe((signal) => {
        if (signal.about === 'experiment' && signal.id === input.experiment_id) onNews();
      }),
  };
}

function notFollowed(parameter: string, message: string): Refusal {
  const place = pointer(['query', parameter]);
  return new Refusal('invalid_request', `${place} ${message}.`, { errors: [{ path: place, message }] });
}
