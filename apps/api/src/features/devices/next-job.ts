import { JsonText } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import { awaitedStates, JobKind, JobStatus, needsOf } from '@vergeai/domain';
import type { Call, DeviceActor } from '../../access/actor.js';
import { admitAgain } from '../../access/admit-again.js';
import type { Context } from '../../context.js';
import { downloadLink } from '../../models/download-link.js';
import { formatOfRow } from '../../models/model-format.js';
import { strategyOf } from '../../models/strategy.js';
import { uploadWithJob } from '../../models/upload-ticket.js';
import { presentLease } from '../../reading/present-lease.js';
import { takeLease } from '../../engine/lease.js';
import { takePlace } from '../../engine/take-place.js';
import { waitForSignal } from '../../signals/wait-for-signal.js';

/** A hint can be lost with the process that should have given it, so even a patient device looks this often. */
const LOOK_EVERY_MS = 10_000;

/** Less than the minute after which many proxies take a request for dead. */
const LONGEST_WAIT_SEC = 55;

/**
 * The job this device should train or evaluate now, with a lease on it; the longest running first. When it was drawn for none, it takes
 * the place of a device that has not come to one. Waits up to `wait` seconds, 55 at most, or until `gone`, and then gives
 * undefined. The key is asked for again at every look: throws a Refusal `key_invalid`.
 */
export async function nextJob(ctx: Context, call: Call<DeviceActor>, { wait }: { wait: number }, gone: AbortSignal) {
  const giveUpAt = ctx.clock.monotonic() + Math.min(wait, LONGEST_WAIT_SEC) * 1000;
  for (;;) {
    const waiter = waitForSignal(ctx, call.actor.deviceId);
    ctx.meters.waitingDevices.inc();
    try {
      ctx.presence.note(call.actor);
      const job = await takeJob(ctx, call);
      const left = giveUpAt - ctx.clock.monotonic();
      if (job || left <= 0) return job;
      await waiter.heard(Math.min(left, LOOK_EVERY_MS), gone);
      if (gone.aborted) return undefined;
      await admitAgain(ctx, call.actor, call.right);
    } finally {
      ctx.meters.waitingDevices.dec();
      waiter.stop();
    }
  }
}

/** A running job that waits for the device, or else one in which there may be a place for it: then `state` is null. */
const waitingJob = query((of: { projectId: string; deviceId: string }) =>
  // A left join makes SQLite begin with the running jobs: those that a device was drawn for and that wait or have ended
  // may be thousands.
  build
    .selectFrom('Job as j')
    .leftJoin('JobDevice as jd', (join) => join.onRef('jd.jobId', '=', 'j.id').on('jd.deviceId', '=', of.deviceId).on('jd.state', 'in', awaitedStates))
    .innerJoin('Experiment as e', 'e.id', 'j.experimentId')
    .innerJoin('StoredModel as m', 'm.id', 'j.startModelId')
    .select(['j.id as jobId', 'jd.state', 'j.experimentId', 'j.sequence', 'j.kind', 'e.hyperparameters', 'j.aggregationStrategy', 'm.id as modelId', 'm.size', 'm.sha256', 'm.format'])
    .select(({ selectFrom }) => selectFrom('Device as v').select('v.config').where('v.id', '=', of.deviceId).as('config'))
    .where('j.projectId', '=', of.projectId)
    .where('j.status', '=', JobStatus.IN_PROGRESS)
    .where((row) => row.or([row('jd.state', 'is not', null), row('j.waitingSince', 'is not', null)]))
    .orderBy((row) => row('jd.state', 'is', null))
    .orderBy('j.startedAt')
    .orderBy('j.id')
    .limit(1));

/** What the strategy asks of devices, if anything. */
function training(job: { readonly aggregationStrategy: string | null }): { training: { proximal_mu: number } | { required_metrics: string[] } } | undefined {
  const strategy = strategyOf(job);
  if (strategy.type === 'FedProx') return { training: { proximal_mu: strategy.proximal_mu } };
  const { loss } = needsOf(strategy);
  return loss === undefined ? undefined : { training: { required_metrics: [loss] } };
}

async function takeJob(ctx: Context, call: Call<DeviceActor>) {
  const { deviceId, projectId } = call.actor;
  // All of this but the config stays as it is once the job is in progress; whether it still is, the lease decides.
  let job = await ctx.db.hot.get(waitingJob, { projectId, deviceId });
  if (job?.state === null && (await takePlace(ctx, call))) job = await ctx.db.hot.get(waitingJob, { projectId, deviceId });
  if (!job?.state) return undefined;
  const expiresAt = await takeLease(ctx, call, job);
  if (!expiresAt) return undefined;
  return {
    job_id: job.jobId,
    experiment_id: job.experimentId,
    sequence: job.sequence,
    kind: job.kind,
    hyperparameters: new JsonText(job.hyperparameters),
    config: new JsonText(job.config ?? '{}'),
    ...downloadLink(ctx, call, { id: job.modelId, projectId, experimentId: job.experimentId }),
    model: { size: Number(job.size), sha256: job.sha256, format: formatOfRow(job).name },
    ...training(job),
    ...(job.kind === JobKind.TRAIN && { upload: uploadWithJob(ctx, call, { projectId, experimentId: job.experimentId, jobId: job.jobId, deviceId }) }),
    lease: presentLease(expiresAt),
  };
}
