import type { ModelLayout } from '@vergeai/domain';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { formatOf } from '../models/model-format.js';
import { recordEvent } from '../writing/record-event.js';
import { Refusal } from '../refusal.js';
import { takeStep, type Step } from '../writing/step.js';
import { lockExperiment } from './lock-experiment.js';
import { transition } from './transition.js';
import { keepModel } from '../models/keep-model.js';
import { rowOfBytes } from '../models/model-row.js';
import { useTicket } from '../models/use-ticket.js';
import { findDrawnDevice, requireActive, type DrawnDevice } from './find-drawn-device.js';
import { endLeases } from './lease.js';
import { submittedEvent, type CheckedUpdate, type ModelUpdate } from './model-update.js';
import { registerOneOfMany } from './register-one-of-many.js';

/**
 * Takes a device's update in. The `num_devices`-th one freezes the set and asks for the aggregation, in the same
 * transaction. The same bytes twice get the same answer.
 * Throws a Refusal: `job_not_found`, `device_not_drawn`, `job_not_started`, `job_closed`, `invalid_model`,
 * `update_already_submitted`, `num_examples_mixed`, `ticket_used`.
 */
export async function submitModelUpdate(ctx: Context, call: Call, update: ModelUpdate): Promise<void> {
  const drawn = await findDrawnDevice(ctx, update.projectId, update.jobId, update.deviceId);
  if (await isRepeated(ctx, update, drawn)) return;
  requireActive(drawn);
  const layout = await ctx.models.inspect({ ...update.staged, format: formatOf(update.staged.head) }, await expectedLayout(ctx, drawn.experimentId));
  await keepModel(ctx, update.staged, update.projectId, (model) =>
    register(ctx, call, { ...update, experimentId: drawn.experimentId, layout, model }),
  ).catch(async (error: unknown) => {
    // The same bytes may have come on another connection while these were being checked.
    if (!(error instanceof Refusal && error.code === 'update_already_submitted')) throw error;
    await isRepeated(ctx, update, { ...drawn, state: 'SUBMITTED' });
  });
}

/** Throws a Refusal when this device has submitted other bytes. */
async function isRepeated(ctx: Context, { jobId, deviceId, staged }: ModelUpdate, { state }: DrawnDevice): Promise<boolean> {
  if (state !== 'SUBMITTED') return false;
  const submitted = await ctx.db.prisma.jobUpdate.findUnique({ where: { jobId_deviceId: { jobId, deviceId } }, select: { sha256: true } });
  if (submitted?.sha256 !== staged.sha256) throw new Refusal('update_already_submitted');
  return true;
}

async function expectedLayout(ctx: Context, experimentId: string): Promise<ModelLayout> {
  const row = await ctx.db.hot.get<{ layout: string }>(
    `SELECT l."layout" FROM "ModelLayout" l JOIN "StoredModel" m ON m."id" = l."modelId" WHERE m."experimentId" = ? AND m."kind" = 'START'`,
    [experimentId],
  );
  if (!row) throw new Refusal('start_model_missing');
  return JSON.parse(row.layout) as ModelLayout;
}

/** Most updates are one of many, and a few known statements take them in. What those can't, the whole story does. */
async function register(ctx: Context, call: Call, update: CheckedUpdate): Promise<void> {
  if (!(await registerOneOfMany(ctx, call, update))) await takeStep(ctx, call, (step) => registerAny(step, update));
}

async function registerAny(step: Step, update: CheckedUpdate): Promise<void> {
  const { ctx, tx } = step;
  const { projectId, experimentId, jobId, deviceId, staged, numExamples, layout, model } = update;
  await lockExperiment(step, projectId, experimentId);
  if (update.ticket) await useTicket(ctx, tx, update.ticket);
  const drawn = await tx.jobDevice.findUniqueOrThrow({ where: { jobId_deviceId: { jobId, deviceId } }, include: { job: true } });
  if (drawn.state === 'SUBMITTED') throw new Refusal('update_already_submitted');
  requireActive({ ...drawn.job, state: drawn.state });
  await requireSameKindOfWeight(step, jobId, numExamples);

  const now = ctx.clock.now();
  await tx.storedModel.create({
    data: {
      id: model.id,
      kind: 'UPDATE',
      projectId,
      experimentId,
      jobId,
      deviceId,
      ...rowOfBytes(staged, layout),
      blobKey: model.blobKey,
      parentId: drawn.job.startModelId,
      createdAt: now,
    },
    select: { id: true },
  });
  await tx.jobUpdate.create({
    data: { jobId, deviceId, modelId: model.id, sha256: staged.sha256, numExamples, metrics: JSON.stringify(update.metrics), createdAt: now },
    select: { jobId: true },
  });
  await tx.jobDevice.updateMany({ where: { jobId, deviceId }, data: { state: 'SUBMITTED', leaseExpiresAt: null } });
  // Counted on the job's own row, where it is still in progress: whoever makes the quorum full knows it.
  const [job] = await tx.job.updateManyAndReturn({
    where: { id: jobId, status: 'IN_PROGRESS', updatesReceived: { lt: drawn.job.numDevices } },
    data: { updatesReceived: { increment: 1 } },
  });
  if (!job) throw new Refusal('job_closed');
  recordEvent(step, experimentId, submittedEvent(update));
  if (job.updatesReceived === job.numDevices) await freeze(step, job);
}

/** The quorum is full: nothing more comes in, and exactly these updates are to be aggregated. */
async function freeze(step: Step, job: { id: string; experimentId: string }): Promise<void> {
  const { ctx, tx, signals } = step;
  await transition(step, job, 'AGGREGATION_IN_PROGRESS');
  await endLeases(tx, job.id);
  await ctx.tasks.add(tx, 'aggregate', job.id, { jobId: job.id });
  signals.push({ about: 'tasks' });
}

/** A mean needs a weight from everybody or from nobody. */
async function requireSameKindOfWeight({ tx }: Step, jobId: string, numExamples: number | null): Promise<void> {
  const other = await tx.jobUpdate.findFirst({ where: { jobId }, select: { numExamples: true } });
  if (other && (other.numExamples === null) !== (numExamples === null)) throw new Refusal('num_examples_mixed');
}
