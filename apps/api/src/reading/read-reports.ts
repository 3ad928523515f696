import type { JobReport } from '@vergeai/db';
import type { Context } from '../context.js';
import { timestamp } from './times.js';

/** So many bytes of reports go into one answer. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Of so many devices of a job whose reports alone are more than that. */
const MOST_DEVICES = 100;

export interface DeviceReports {
  readonly device_id: string;
  readonly num_reports: number;
  readonly points: { step: number; metrics: Record<string, number>; reported_at: string }[];
}

export interface ReportsOfJobs {
  /** So many of the jobs fit into one answer; at least one. */
  readonly numJobs: number;
  readonly ofJob: ReadonlyMap<string, readonly DeviceReports[]>;
}

/**
 * What devices reported in these jobs, step by step, of as many of the jobs as an answer has room for. When one job alone
 * has more, points in between are left out: the first devices, and evenly over time.
 */
export async function readReports(ctx: Context, jobIds: readonly string[]): Promise<ReportsOfJobs> {
  const { jobReport } = ctx.db.prisma;
  const sizes = await jobReport.groupBy({ by: ['jobId'], where: { jobId: { in: [...jobIds] } }, _sum: { bytes: true } });
  const bytesOf = new Map(sizes.map(({ jobId, _sum }) => [jobId, _sum.bytes ?? 0]));
  let left = MOST_BYTES;
  const fitting = jobIds.findIndex((id) => (left -= bytesOf.get(id) ?? 0) < 0);
  const numJobs = fitting === -1 ? jobIds.length : Math.max(1, fitting);
  const shown = jobIds.slice(0, numJobs).filter((id) => bytesOf.has(id));
  if (fitting === 0) return { numJobs, ofJob: new Map([[jobIds[0]!, await thinned(ctx, jobIds[0]!)]]) };
  const rows = await jobReport.findMany({ where: { jobId: { in: shown } }, orderBy: [{ deviceId: 'asc' }, { first: 'asc' }] });
  return { numJobs, ofJob: new Map(shown.map((id) => [id, byDevice(rows.filter(({ jobId }) => jobId === id))])) };
}

async function thinned(ctx: Context, jobId: string): Promise<DeviceReports[]> {
  const { jobReport } = ctx.db.prisma;
  const devices = await jobReport.groupBy({ by: ['deviceId'], where: { jobId }, _sum: { bytes: true, count: true }, orderBy: { deviceId: 'asc' }, take: MOST_DEVICES });
  const share = MOST_BYTES / devices.length;
  const reports: DeviceReports[] = [];
  for (const { deviceId, _sum } of devices) {
    const keys = await jobReport.findMany({ where: { jobId, deviceId }, select: { first: true }, orderBy: { first: 'asc' } });
    const every = Math.ceil((_sum.bytes ?? 0) / share);
    // The last one is always among them.
    const chosen = keys.filter((_, at) => (keys.length - 1 - at) % every === 0).map(({ first }) => first);
    const rows = await jobReport.findMany({ where: { jobId, deviceId, first: { in: chosen } }, orderBy: { first: 'asc' } });
    reports.push(...byDevice(rows).map((device) => ({ ...device, num_reports: _sum.count ?? 0 })));
  }
  return reports;
}

/** Rows come in the order of devices and numbers. Where a longer piece has been sent again, those behind it repeat nothing. */
function byDevice(rows: readonly JobReport[]): DeviceReports[] {
  const devices = new Map<string, { next: number; points: DeviceReports['points'] }>();
  for (const { deviceId, first, reports, createdAt } of rows) {
    const device = devices.get(deviceId) ?? { next: 0, points: [] };
    devices.set(deviceId, device);
    const piece = JSON.parse(reports) as Array<{ step: number; metrics: Record<string, number> }>;
    const fresh = piece.slice(Math.max(0, device.next - first));
    device.points.push(...fresh.map(({ step, metrics }) => ({ step, metrics, reported_at: timestamp(createdAt) })));
    device.next = Math.max(device.next, first + piece.length);
  }
  return [...devices].map(([device_id, { points }]) => ({ device_id, num_reports: points.length, points }));
}
