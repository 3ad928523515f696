import type { EventEntry } from '@vergeai/contract';
import type { Context } from '../../context.js';
import { timestamp } from '../../reading/times.js';
import { requireExperiment } from '../../reading/experiment-row.js';

interface ExperimentPath {
  readonly project_id: string;
  readonly experiment_id: string;
}

/** The experiment's log, oldest first, from the event after number `after`. */
export async function listEvents(ctx: Context, input: ExperimentPath, { after, limit }: { after: number; limit: number }) {
  await requireExperiment(ctx, input.project_id, input.experiment_id);
  const rows = await ctx.db.prisma.event.findMany({
    where: { experimentId: input.experiment_id, sequence: { gt: after } },
    orderBy: { sequence: 'asc' },
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  return {
    // As it stands in the log, whichever version of the server wrote it.
    data: shown.map(
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
    ),
    next_after: rows.length > limit ? shown.at(-1)!.sequence : null,
  };
}

const BATCH = 200;

/** The same as it grows, from the event after number `after`. */
export const followEvents = (ctx: Context, input: ExperimentPath, { after }: { after: number }) => ({
  after,
  read: (last: number) => listEvents(ctx, input, { after: last, limit: BATCH }),
  subscribe: (onNews: () => void) =>
    ctx.signals.subscribe((signal) => {
      if (signal.about === 'experiment' && signal.id === input.experiment_id) onNews();
    }),
});
