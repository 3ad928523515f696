import { build, query, type RowOf } from '@vergeai/db';
import type { Context } from '../context.js';
import { BATCH_CHARACTERS, inStretches } from './in-batches.js';
import { timestamp } from './times.js';

/** So many bytes of reports go into one answer. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Of so many devices of a job whose reports alone are more than that. */
const MOST_DEVICES = 100;

/** Outlines that are read at once: twice as many as a device can have, so that those of one are always all there. */
const OUTLINED_AT_ONCE = 2_000;

const outlinesAfter = query((at: { jobId: string; deviceId: string }) =>
  build
    .selectFrom('JobReport')
    .select(['deviceId', 'first', 'count', 'bytes'])
    .where('jobId', '=', at.jobId)
    .where('deviceId', '>', at.deviceId)
    .orderBy('deviceId')
    .orderBy('first')
    .limit(OUTLINED_AT_ONCE));

type Outline = RowOf<typeof outlinesAfter>;

export interface Point {
  readonly step: number;
  readonly metrics: Record<string, number>;
  readonly reported_at: string;
}

export interface FittingReports {
  /** So many of the jobs fit into one answer; at least one. */
  readonly numJobs: number;
  /** The first job alone has more than fits: points in between are left out. */
  readonly isThinned: boolean;
}

/** Of how many of these jobs an answer has room for the reports. */
export async function fittingReports(ctx: Context, jobIds: readonly string[]): Promise<FittingReports> {
  const sizes = await ctx.db.prisma.jobReport.groupBy({ by: ['jobId'], where: { jobId: { in: [...jobIds] } }, _sum: { bytes: true } });
  const bytesOf = new Map(sizes.map(({ jobId, _sum }) => [jobId, _sum.bytes ?? 0]));
  let left = MOST_BYTES;
  const fitting = jobIds.findIndex((id) => (left -= bytesOf.get(id) ?? 0) < 0);
  return { numJobs: fitting === -1 ? jobIds.length : Math.max(1, fitting), isThinned: fitting === 0 };
}

/**
 * What devices reported in a job, step by step, read as it is sent. Where that is too much, of the first devices, and evenly
 * over time.
 */
export async function* jobReports(ctx: Context, jobId: string, { isThinned }: { readonly isThinned: boolean }) {
  const most = isThinned ? await ctx.db.prisma.jobReport.groupBy({ by: ['deviceId'], where: { jobId }, orderBy: { deviceId: 'asc' }, take: MOST_DEVICES }) : undefined;
  for await (const devices of outlines(ctx, jobId)) {
    const shown = most ? devices.filter((pieces) => pieces[0]!.deviceId <= most.at(-1)!.deviceId) : devices;
    const plans = shown.map((pieces) => (most ? thinned(pieces, MOST_BYTES / most.length) : planOf(pieces)));
    for (const stretch of inStretches(plans)) {
      if (most || stretch[0]!.characters > BATCH_CHARACTERS) yield stretch.map((plan) => ({ ...factsOf(plan), points: pointsInTurn(ctx, jobId, plan) }));
      else yield await together(ctx, jobId, stretch);
    }
  }
}

/** The pieces that each device has sent, device by device. */
async function* outlines(ctx: Context, jobId: string): AsyncGenerator<Outline[][]> {
  for (let after = ''; ; ) {
    const rows = await ctx.db.hot.all(outlinesAfter, { jobId, deviceId: after });
    const devices: Outline[][] = [];
    for (const row of rows) {
      const pieces = devices.at(-1);
      if (pieces?.[0]!.deviceId === row.deviceId) pieces.push(row);
      else devices.push([row]);
    }
    const isLast = rows.length < OUTLINED_AT_ONCE;
    // Of the last one there may be more.
    const whole = isLast ? devices : devices.slice(0, -1);
    yield whole;
    if (isLast) return;
    after = whole.at(-1)![0]!.deviceId;
  }
}

interface Plan {
  readonly deviceId: string;
  readonly numReports: number;
  /** Of how many at the beginning of a piece there is nothing new: a longer one was sent again. */
  readonly pieces: ReadonlyArray<{ readonly first: number; readonly skip: number; readonly characters: number }>;
  readonly characters: number;
}

const factsOf = ({ deviceId, numReports }: Plan) => ({ device_id: deviceId, num_reports: numReports });

/** Pieces come in the order of their numbers. */
function planOf(pieces: readonly Outline[]): Plan {
  let next = 0;
  let numReports = 0;
  const planned = pieces.map(({ first, count, bytes }) => {
    const skip = Math.min(count, Math.max(0, next - first));
    next = Math.max(next, first + count);
    numReports += count - skip;
    return { first, skip, characters: bytes };
  });
  return { deviceId: pieces[0]!.deviceId, numReports, pieces: planned, characters: planned.reduce((sum, { characters }) => sum + characters, 0) };
}

function thinned(pieces: readonly Outline[], share: number): Plan {
  const { characters, numReports } = planOf(pieces);
  const every = Math.ceil(characters / share);
  // The last one is always among them.
  return { ...planOf(pieces.filter((_, at) => (pieces.length - 1 - at) % every === 0)), numReports };
}

/** Of devices that have little, in one read. */
async function together(ctx: Context, jobId: string, plans: readonly Plan[]) {
  const rows = await ctx.db.prisma.jobReport.findMany({ where: { jobId, deviceId: { gte: plans[0]!.deviceId, lte: plans.at(-1)!.deviceId } } });
  const rowOf = new Map(rows.map((row) => [`${row.deviceId} ${row.first}`, row]));
  return plans.map((plan) => ({ ...factsOf(plan), points: plan.pieces.flatMap(({ first, skip }) => pointsOf(rowOf.get(`${plan.deviceId} ${first}`), skip)) }));
}

/** Of a device that has much, some pieces at a time. */
async function* pointsInTurn(ctx: Context, jobId: string, { deviceId, pieces }: Plan): AsyncGenerator<Point[]> {
  for (const stretch of inStretches(pieces)) {
    const rows = await ctx.db.prisma.jobReport.findMany({ where: { jobId, deviceId, first: { in: stretch.map(({ first }) => first) } } });
    const rowOf = new Map(rows.map((row) => [row.first, row]));
    yield stretch.flatMap(({ first, skip }) => pointsOf(rowOf.get(first), skip));
  }
}

/** A piece that has gone meanwhile, since its device began anew, has none. */
function pointsOf(piece: { readonly reports: string; readonly createdAt: Date } | undefined, skip: number): Point[] {
  if (!piece) return [];
  const points = JSON.parse(piece.reports) as Array<Omit<Point, 'reported_at'>>;
  return points.slice(skip).map(({ step, metrics }) => ({ step, metrics, reported_at: timestamp(piece.createdAt) }));
}
