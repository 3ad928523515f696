import { build, queryOf } from '@vergeai/db';
import { liveStatuses, type JobStatus } from '@vergeai/domain';
import type { Context } from '../context.js';
import { pickParams } from './pick-params.js';
import { timestamp, timestampOrNull } from './times.js';

/** What of experiments is shown besides what always is. */
export interface ShownFacts {
  /** Paths of hyperparameters. */
  readonly params?: readonly string[] | undefined;
  /** Names; undefined: all. */
  readonly metrics?: readonly string[] | undefined;
}

const rowsOf = (ids: readonly string[]) =>
  build
    .selectFrom('Experiment as e')
    .leftJoin('Job as c', 'c.id', 'e.currentJobId')
    .leftJoin('Job as b', (join) => join.onRef('b.experimentId', '=', 'e.id').on((job) => job('b.sequence', '=', job('c.sequence', '-', 1))))
    .select(['e.id', 'e.name', 'e.description', 'e.isActive', 'e.currentJobId', 'e.nextJobSequence', 'e.forkedFromId', 'e.createdAt', 'e.updatedAt', 'e.archivedAt', 'e.pausedAt'])
    .select(['c.sequence', 'c.status', 'c.reason', 'c.updatesReceived', 'c.numDevices', 'c.startedAt', 'c.endedAt'])
    .select(['b.id as beforeId', 'b.sequence as beforeSequence', 'b.status as beforeStatus', 'b.reason as beforeReason', 'b.endedAt as beforeEndedAt'])
    .where('e.id', 'in', ids);

/** What a table of experiments shows of each of these, in their order. One that has been deleted meanwhile is missing. */
export async function experimentFacts(ctx: Context, ids: readonly string[], { params, metrics }: ShownFacts) {
  const rows = await ctx.db.hot.all(queryOf(rowsOf(ids).$if(params !== undefined, (row) => row.select('e.hyperparameters'))), {});
  const [tagsOf, metricsOf] = [await readTags(ctx, ids), await readMetrics(ctx, ids, metrics)];
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (!row) return [];
    return [
      {
        experiment_id: id,
        name: row.name,
        description: row.description,
        status: row.isActive ? ('active' as const) : ('idle' as const),
        current_job: row.currentJobId ?? 'NONE',
        num_jobs: row.nextJobSequence - 1,
        created_at: timestamp(row.createdAt),
        updated_at: timestamp(row.updatedAt),
        archived_at: timestampOrNull(row.archivedAt),
        paused_at: timestampOrNull(row.pausedAt),
        forked_from: row.forkedFromId,
        tags: (tagsOf.get(id) ?? []).toSorted(),
        ...jobsOf(row),
        metrics: Object.fromEntries(metricsOf.get(id) ?? []),
        params: params ? pickParams(row.hyperparameters!, params) : {},
      },
    ];
  });
}

interface WithJobs {
  readonly currentJobId: string | null;
  readonly sequence: number | null;
  readonly status: JobStatus | null;
  readonly reason: string | null;
  readonly updatesReceived: number | null;
  readonly numDevices: number | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly beforeId: string | null;
  readonly beforeSequence: number | null;
  readonly beforeStatus: JobStatus | null;
  readonly beforeReason: string | null;
  readonly beforeEndedAt: Date | null;
}

/** The current job is the one that started last; while it runs, the one before it in the series is the last to have ended. */
function jobsOf(row: WithJobs) {
  const current = row.currentJobId !== null && row.status !== null && { job_id: row.currentJobId, sequence: row.sequence!, status: row.status };
  const isLive = (liveStatuses as readonly (JobStatus | null)[]).includes(row.status);
  return {
    live_job: current && isLive ? { ...current, num_updates: row.updatesReceived!, num_devices: row.numDevices!, started_at: timestampOrNull(row.startedAt) } : null,
    last_job: current && !isLive ? { ...current, reason: row.reason, ended_at: timestampOrNull(row.endedAt) } : jobBefore(row),
  };
}

const jobBefore = ({ beforeId, beforeSequence, beforeStatus, beforeReason, beforeEndedAt }: WithJobs) =>
  beforeId === null ? null : { job_id: beforeId, sequence: beforeSequence!, status: beforeStatus!, reason: beforeReason, ended_at: timestampOrNull(beforeEndedAt) };

async function readTags(ctx: Context, ids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await ctx.db.hot.all(queryOf(build.selectFrom('ExperimentTag').select(['experimentId', 'tag']).where('experimentId', 'in', ids)), {});
  return grouped(rows.map(({ experimentId, tag }) => [experimentId, tag]));
}

async function readMetrics(ctx: Context, ids: readonly string[], names: readonly string[] | undefined): Promise<Map<string, Array<[string, number]>>> {
  const ofLastJob = build
    .selectFrom('Experiment as e')
    .innerJoin('ExperimentMetric as m', (join) => join.onRef('m.experimentId', '=', 'e.id').onRef('m.jobId', '=', 'e.lastCompletedJobId'))
    .select(['m.experimentId', 'm.name', 'm.value'])
    .where('e.id', 'in', ids)
    .orderBy('m.position');
  const rows = await ctx.db.hot.all(queryOf(names ? ofLastJob.where('m.name', 'in', names) : ofLastJob), {});
  return grouped(rows.map(({ experimentId, name, value }) => [experimentId, [name, value]]));
}

function grouped<Value>(pairs: ReadonlyArray<readonly [string, Value]>): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
