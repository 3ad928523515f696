import { build, statement } from '@vergeai/db';
import { awaitedStates, DeviceState, JobStatus } from '@vergeai/domain';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import { changedJob } from '../signals/changed.js';
import { takeKnownStep } from '../writing/take-known-step.js';
import { getDrawnDevice, requireActive } from './drawn-device.js';

/** One call of a training function's `report`. */
export interface Report {
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface ReportPiece {
  readonly projectId: string;
  readonly jobId: string;
  readonly deviceId: string;
  /** The number of the first of them. */
  readonly first: number;
  readonly reports: readonly Report[];
}

/** What a row costs beside its text. */
const ROW_BYTES = 150;

/** The device takes part: the job waits for its update, or has it. It stays so until the transaction ends. */
const takesPart = statement((at: { jobId: string; deviceId: string }) =>
  build
    .updateTable('JobDevice')
    .set((row) => ({ position: row.ref('position') }))
    .where('jobId', '=', at.jobId)
    .where('deviceId', '=', at.deviceId)
    .where((row) =>
      row.or([
        row('state', '=', DeviceState.SUBMITTED),
        row.and([
          row('state', 'in', awaitedStates),
          row.exists(row.selectFrom('Job').select('Job.id').where('Job.id', '=', at.jobId).where('Job.status', '=', JobStatus.IN_PROGRESS)),
        ]),
      ])), 1);

const forget = statement((of: { jobId: string; deviceId: string }) => build.deleteFrom('JobReport').where('jobId', '=', of.jobId).where('deviceId', '=', of.deviceId));

const keep = statement((row: { jobId: string; deviceId: string; first: number; count: number; bytes: number; reports: string; createdAt: Date }) =>
  build
    .insertInto('JobReport')
    .values({ jobId: row.jobId, deviceId: row.deviceId, first: row.first, count: row.count, bytes: row.bytes, reports: row.reports, createdAt: row.createdAt })
    .onConflict((sent) =>
      sent.columns(['jobId', 'deviceId', 'first']).doUpdateSet((piece) => ({
        count: piece.ref('excluded.count'),
        bytes: piece.ref('excluded.bytes'),
        reports: piece.ref('excluded.reports'),
      })),
    ), 1);

/**
 * Keeps a piece of what a device reports. The same piece again, or a longer one from the same number on, takes its place;
 * number 0 begins anew, as a device does that starts its training over.
 * Throws a Refusal: `job_not_found`, `device_not_drawn`, `job_not_started`, `job_closed`.
 */
export async function keepReports(ctx: Context, { projectId, jobId, deviceId, first, reports }: ReportPiece): Promise<void> {
  const drawn = await getDrawnDevice(ctx, projectId, jobId, deviceId);
  const text = JSON.stringify(reports);
  const row = { jobId, deviceId, first, count: reports.length, bytes: text.length + ROW_BYTES, reports: text, createdAt: ctx.clock.now() };
  const statements = [takesPart({ jobId, deviceId }), ...(first === 0 ? [forget({ jobId, deviceId })] : []), keep(row)];
  if (await takeKnownStep(ctx, undefined, { statements, signals: [changedJob(projectId, jobId, drawn.experimentId)] })) return;
  requireActive(drawn);
  requireActive(await getDrawnDevice(ctx, projectId, jobId, deviceId));
  throw new Refusal('conflict');
}
