import { build, over, queryOf } from '@vergeai/db';
import type { ReplacementCause, Standing } from '@vergeai/domain';
import type { Context } from '../../context.js';
import { badCursor, growingPage, type PageRequest } from '../../reading/page.js';
import { lateSince, standing } from '../../reading/standing.js';
import { timestampOrNull } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';

/** What one of them reports may take 13 KB. */
const AT_ONCE = 100;

interface Place {
  readonly position: number;
  readonly deviceId: string;
}

const d = over('JobDevice as d');

const devicesOf = (jobId: string, now: Date, after: Place | undefined, take: number) =>
  build
    .selectFrom('JobDevice as d')
    .innerJoin('Job as j', 'j.id', 'd.jobId')
    .innerJoin('Device as v', 'v.id', 'd.deviceId')
    .leftJoin('JobUpdate as u', (join) => join.onRef('u.jobId', '=', 'd.jobId').onRef('u.deviceId', '=', 'd.deviceId'))
    .leftJoin('StoredModel as m', 'm.id', 'u.modelId')
    .select(['d.deviceId', 'v.name', 'd.position', 'd.state', 'd.awaitedSince', 'd.drawnAt', 'd.leasedAt', 'd.leaseExpiresAt', 'd.heartbeatAt', 'd.progress'])
    .select(['d.endedAt', 'd.reason', 'd.cause', 'd.replacedById', 'd.replacesId'])
    .select(['u.createdAt as submittedAt', 'u.numExamples', 'u.metrics', 'u.sha256', 'm.size'])
    .select(standing(now).as('standing'))
    .where('d.jobId', '=', jobId)
    .where(after ? d(d.refTuple('d.position', 'd.deviceId'), '>', d.tuple(after.position, after.deviceId)) : d.and([]))
    .orderBy('d.position')
    .orderBy('d.deviceId')
    .limit(take);

/** The devices of a job, in the order in which they were drawn, read as they are sent. Throws a Refusal `job_not_found`. */
export async function listJobDevices(ctx: Context, { project_id, job_id }: { project_id: string; job_id: string }, query: PageRequest & { state?: Standing | undefined }) {
  const job = await ctx.db.prisma.job.findFirst({ where: { id: job_id, projectId: project_id }, select: { id: true } });
  if (!job) throw new Refusal('job_not_found');
  const now = ctx.timebase.now();
  const read = async (after: Place | undefined, take: number) => {
    const rows = devicesOf(job_id, now, after, take);
    return ctx.db.hot.all(queryOf(query.state ? rows.where(standing(now), '=', query.state) : rows), {});
  };
  return growingPage({ limit: query.limit, after: query.cursor === undefined ? undefined : readPlace(query.cursor), atOnce: AT_ONCE, read, placeOf: (row) => row, write: writePlace, present });
}

type Row = Parameters<typeof lateSince>[0] &
  Place & {
    readonly name: string | null;
    readonly drawnAt: Date | null;
    readonly leasedAt: Date | null;
    readonly leaseExpiresAt: Date | null;
    readonly progress: string | null;
    readonly endedAt: Date | null;
    readonly reason: string | null;
    readonly cause: ReplacementCause | null;
    readonly replacedById: string | null;
    readonly replacesId: string | null;
    readonly submittedAt: Date | null;
    readonly numExamples: number | null;
    readonly metrics: string | null;
    readonly sha256: string | null;
    readonly size: bigint | null;
  };

function present(row: Row) {
  return {
    device_id: row.deviceId,
    device_name: row.name,
    position: row.position,
    state: row.standing,
    drawn_at: timestampOrNull(row.drawnAt),
    leased_at: timestampOrNull(row.leasedAt),
    lease_expires_at: timestampOrNull(row.leaseExpiresAt),
    heartbeat_at: timestampOrNull(row.heartbeatAt),
    late_since: timestampOrNull(lateSince(row)),
    progress: row.progress === null ? null : { fraction: null, step: null, metrics: {}, ...(JSON.parse(row.progress) as object) },
    submitted_at: timestampOrNull(row.submittedAt),
    num_examples: row.numExamples,
    metrics: JSON.parse(row.metrics ?? '{}') as Record<string, number>,
    update: row.sha256 === null || row.size === null ? null : { size: Number(row.size), sha256: row.sha256 },
    ended_at: timestampOrNull(row.endedAt),
    reason: row.reason,
    reason_code: row.cause && (row.cause.toLowerCase() as Lowercase<ReplacementCause>),
    replaced_by: row.replacedById,
    replaces: row.replacesId,
  };
}

const writePlace = ({ position, deviceId }: Place) => `${position}.${deviceId}`;

function readPlace(cursor: string): Place {
  const [, position, deviceId] = /^(\d{1,9})\.([0-9a-f]{32})$/.exec(cursor) ?? [];
  if (!deviceId) throw badCursor();
  return { position: Number(position), deviceId };
}
