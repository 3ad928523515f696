import type { Call, DeviceActor } from '../../actor.js';
import { commit } from '../../commit.js';
import type { Context } from '../../context.js';
import { downloadLink } from '../models/download-link.js';
import { contractFormat } from '../models/present-model.js';
import { takeLease } from './lease.js';
import { waitForSignal } from './wait-for-signal.js';

/** A hint can be lost with the process that should have given it, so even a patient device looks this often. */
const LOOK_EVERY_MS = 10_000;

/**
 * The job this device should train now, with a lease on it; the longest running first. Waits up to `wait` seconds for
 * one, or until `gone`, and then gives undefined.
 */
export async function nextJob(ctx: Context, call: Call<DeviceActor>, { wait }: { wait: number }, gone: AbortSignal) {
  const giveUpAt = performance.now() + wait * 1000;
  for (;;) {
    const waiter = waitForSignal(ctx.signals, call.actor.deviceId);
    try {
      const job = await takeJob(ctx, call);
      const left = giveUpAt - performance.now();
      if (job || left <= 0 || gone.aborted) return job;
      await waiter.heard(Math.min(left, LOOK_EVERY_MS), gone);
    } finally {
      waiter.stop();
    }
  }
}

async function takeJob(ctx: Context, call: Call<DeviceActor>) {
  const { deviceId, projectId } = call.actor;
  const waiting = await ctx.db.hot.get<{ jobId: string }>(
    // CROSS JOIN makes SQLite begin with the running jobs: those that a device was drawn for and that wait or have ended
    // may be thousands.
    `SELECT jd."jobId" FROM "Job" j CROSS JOIN "JobDevice" jd
     WHERE j."projectId" = ? AND j."status" = 'IN_PROGRESS'
       AND jd."jobId" = j."id" AND jd."deviceId" = ? AND jd."state" IN ('DRAWN', 'LEASED')
     ORDER BY j."startedAt", j."id" LIMIT 1`,
    [projectId, deviceId],
  );
  if (!waiting) return undefined;
  return commit(ctx, call, async (tx) => {
    const lease = await takeLease(ctx, tx, waiting.jobId, deviceId);
    if (!lease) return undefined;
    const job = await tx.job.findUniqueOrThrow({ where: { id: waiting.jobId }, include: { startModel: true, experiment: true } });
    const model = job.startModel!;
    return {
      job_id: job.id,
      experiment_id: job.experimentId,
      sequence: job.sequence,
      hyperparameters: JSON.parse(job.experiment.hyperparameters) as Record<string, unknown>,
      ...downloadLink(ctx, call, model),
      model: { size: Number(model.size), sha256: model.sha256, format: contractFormat(model.format) },
      lease,
    };
  });
}
