import type { EventEntry } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import type { Context } from '../../context.js';
import { inStretches } from '../../reading/in-batches.js';
import { timestamp } from '../../reading/times.js';
import { requireExperiment } from '../../reading/experiment-row.js';

interface ExperimentPath {
  readonly project_id: string;
  readonly experiment_id: string;
}

/** The most events that a page has. */
const OUTLINED_AT_ONCE = 200;

const outline = query((at: { experimentId: string; after: number }) =>
  build
    .selectFrom('Event')
    .select('sequence')
    .select(({ fn }) => fn<number>('length', ['data']).as('characters'))
    .where('experimentId', '=', at.experimentId)
    .where('sequence', '>', at.after)
    .orderBy('sequence')
    .limit(OUTLINED_AT_ONCE + 1));

/** The experiment's log, oldest first, from the event after number `after`. */
export async function listEvents(ctx: Context, input: ExperimentPath, { after, limit }: { after: number; limit: number }) {
  await requireExperiment(ctx, input.project_id, input.experiment_id);
  const outlined = await ctx.db.hot.all(outline, { experimentId: input.experiment_id, after });
  const shown = outlined.slice(0, limit);
  const stretches = inStretches(shown);
  return {
    data: stretches.length > 1 ? readInStretches(ctx, input, stretches) : await readStretch(ctx, input, shown),
    next_after: outlined.length > limit ? shown.at(-1)!.sequence : null,
  };
}

async function* readInStretches(ctx: Context, input: ExperimentPath, stretches: ReadonlyArray<ReadonlyArray<{ sequence: number }>>) {
  for (const stretch of stretches) yield await readStretch(ctx, input, stretch);
}

async function readStretch(ctx: Context, { experiment_id }: ExperimentPath, stretch: ReadonlyArray<{ sequence: number }>): Promise<EventEntry[]> {
  const [first, last] = [stretch[0], stretch.at(-1)];
  if (!first || !last) return [];
  const rows = await ctx.db.prisma.event.findMany({
    where: { experimentId: experiment_id, sequence: { gte: first.sequence, lte: last.sequence } },
    orderBy: { sequence: 'asc' },
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
export const followEvents = (ctx: Context, input: ExperimentPath, { after }: { after: number }) => ({
  after,
  async read(last: number) {
    await requireExperiment(ctx, input.project_id, input.experiment_id);
    const outlined = await ctx.db.hot.all(outline, { experimentId: input.experiment_id, after: last });
    const [shown = []] = inStretches(outlined);
    const isAll = outlined.length === shown.length && outlined.length <= OUTLINED_AT_ONCE;
    return { data: await readStretch(ctx, input, shown), next_after: isAll ? null : shown.at(-1)!.sequence };
  },
  subscribe: (onNews: () => void) =>
    ctx.signals.subscribe((signal) => {
      if (signal.about === 'experiment' && signal.id === input.experiment_id) onNews();
    }),
});
