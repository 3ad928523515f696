import type { Call, DeviceActor } from '../../access/actor.js';
import type { Context } from '../../context.js';
import { keepReports } from '../../engine/keep-reports.js';

export interface ReportMetrics {
  readonly project_id: string;
  readonly job_id: string;
  readonly first: number;
  readonly reports: ReadonlyArray<{ readonly step?: number | undefined; readonly metrics: Readonly<Record<string, number>> }>;
}

/**
 * Keeps what a training reports. Its answer is not stored for an Idempotency-Key, as a heartbeat's is not: sending a piece
 * again does no harm. Refuses as `keepReports` does.
 */
export async function reportMetrics(ctx: Context, call: Call<DeviceActor>, { project_id, job_id, first, reports }: ReportMetrics) {
  const numbered = reports.map(({ step, metrics }, at) => ({ step: step ?? first + at, metrics }));
  await keepReports(ctx, { projectId: project_id, jobId: job_id, deviceId: call.actor.deviceId, first, reports: numbered });
  return {};
}
