import { build, insert, query, statement, type HotStatement, type ModelFormat } from '@vergeai/db';
import { awaitedStates, DeviceState, JobStatus } from '@vergeai/domain';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { rowOfBytes } from '../models/model-row.js';
import { countModel, requireRoom } from '../models/project-storage.js';
import { requireUnused, useTicket } from '../models/use-ticket.js';
import { Refusal } from '../refusal.js';
import { changedJob } from '../signals/changed.js';
import type { Signal } from '../signals/signals.js';
import type { NewEvent } from '../writing/new-event.js';
import { knownEvents } from '../writing/record-event.js';
import { takeKnownStep, type KnownStep } from '../writing/take-known-step.js';
import { getDrawnDevice, requireActive, type DrawnDevice } from './drawn-device.js';
import { endLeases } from './lease.js';
import { moveOn } from './lock-experiment.js';
import type { CheckedUpdate } from './model-update.js';
import { transitionEvent, transitionTo } from './transition.js';

/**
 * Registers an update, or an evaluation, which is one without a model: as one of many or, if it is that, as the last one, which
 * freezes the set and asks for the aggregation. Each is a row of statements of which none takes effect when one does not fit; if neither fits, a look
 * says why. Throws a Refusal: `job_not_found`, `device_not_drawn`, `job_not_started`, `job_closed`,
 * `update_already_submitted`, `num_examples_mixed`, `project_storage_full`, `ticket_used`.
 */
export async function registerUpdate(ctx: Context, call: Call, update: CheckedUpdate, seen: DrawnDevice): Promise<void> {
  // Updates are never taken back, so what looked like the last one is that, or comes too late.
  const likely = seen.updatesReceived < seen.numDevices - 1 ? [oneOfMany, theLast] : [theLast, oneOfMany];
  for (const step of likely) if (await takeKnownStep(ctx, call, step(ctx, call, update))) return;
  await requireFitting(ctx, update);
  throw new Refusal('conflict');
}

function oneOfMany(ctx: Context, call: Call, update: CheckedUpdate): KnownStep {
  const statements = registration(ctx, call, update, [submittedEvent(update)], [countOneOfMany({ jobId: update.jobId })]);
  return { statements, answer: answerTo(update), signals: newsOf(update) };
}

/** The quorum is full: nothing more comes in, and exactly these updates are to be aggregated. */
function theLast(ctx: Context, call: Call, update: CheckedUpdate): KnownStep {
  const { jobId } = update;
  const events = [submittedEvent(update), transitionEvent(jobId, JobStatus.AGGREGATION_IN_PROGRESS)];
  const freeze = [
    countTheLast({ jobId }),
    { ...transitionTo(jobId, JobStatus.AGGREGATION_IN_PROGRESS, { aggregationStartedAt: ctx.clock.now() }), changes: 1 },
    endLeases({ jobId }),
    ctx.tasks.addition('aggregate', jobId, { jobId }),
  ];
  const statements = registration(ctx, call, update, events, freeze);
  return { statements, answer: answerTo(update), signals: [...newsOf(update), { about: 'tasks' }] };
}

/** A model is answered without a body. */
const answerTo = ({ model }: CheckedUpdate) => (model ? undefined : {});

const newsOf = ({ projectId, experimentId, jobId }: CheckedUpdate): Signal[] => [{ about: 'experiment', id: experimentId }, changedJob(projectId, jobId, experimentId)];

/** The experiment's row first, as every move of the job engine does it. */
function registration(ctx: Context, call: Call, update: CheckedUpdate, events: readonly NewEvent[], counting: readonly HotStatement[]): HotStatement[] {
  const { projectId, experimentId, jobId, deviceId, sha256, numExamples, ticket, model } = update;
  const now = ctx.clock.now();
  return [
    moveOn({ projectId, experimentId, now, events: events.length }),
    ...(ticket ? [useTicket(ticket)] : []),
    (numExamples === null ? submitUnweighted : submitWeighted)({ jobId, deviceId }),
    ...counting,
    ...(model ? [insertModel({ id: model.id, projectId, experimentId, jobId, deviceId, ...rowOfBytes(model.staged, model.format), blobKey: model.blobKey, now })] : []),
    insert('JobUpdate', { jobId, deviceId, modelId: model?.id ?? null, sha256, numExamples, metrics: JSON.stringify(update.metrics), createdAt: now }),
    ...knownEvents(ctx, call, experimentId, events),
    ...(model ? [countModel(ctx, projectId, model.staged.size)] : []),
  ];
}

function submittedEvent({ jobId, deviceId, sha256, model, numExamples, metrics }: CheckedUpdate): NewEvent {
  const measured = { num_examples: numExamples, metrics };
  if (!model) return { type: 'evaluation_submitted', jobId, deviceId, data: measured };
  return { type: 'model_update_submitted', jobId, deviceId, data: { size: model.staged.size, sha256, ...measured } };
}

/** The device is still awaited, and no update of the other kind is there: a mean needs a weight from everybody or from nobody. */
const submit = (otherKind: 'is' | 'is not') =>
  statement((at: { jobId: string; deviceId: string }) =>
    build
      .updateTable('JobDevice')
      .set({ state: DeviceState.SUBMITTED, leaseExpiresAt: null })
      .where('jobId', '=', at.jobId)
      .where('deviceId', '=', at.deviceId)
      .where('state', 'in', awaitedStates)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('JobUpdate as u').select('u.deviceId').where('u.jobId', '=', at.jobId).where('u.numExamples', otherKind, null)))), 1);
const submitWeighted = submit('is');
const submitUnweighted = submit('is not');

/** Counted on the job's own row, while it is in progress. */
const count = (last: boolean) =>
  statement((at: { jobId: string }) =>
    build
      .updateTable('Job')
      .set((job) => ({ updatesReceived: job('updatesReceived', '+', 1) }))
      .where('id', '=', at.jobId)
      .where('status', '=', JobStatus.IN_PROGRESS)
      .where((job) => job('updatesReceived', last ? '=' : '<', job('numDevices', '-', 1))), 1);
const countOneOfMany = count(false);
const countTheLast = count(true);

const insertModel = statement(
  (row: { id: string; projectId: string; experimentId: string; jobId: string; deviceId: string; format: ModelFormat; size: bigint; sha256: string; blobKey: string; now: Date }) =>
    build.insertInto('StoredModel').values(({ selectFrom }) => ({
      id: row.id,
      kind: 'UPDATE',
      projectId: row.projectId,
      experimentId: row.experimentId,
      jobId: row.jobId,
      deviceId: row.deviceId,
      format: row.format,
      size: row.size,
      sha256: row.sha256,
      blobKey: row.blobKey,
      parentId: selectFrom('Job').select('Job.startModelId').where('Job.id', '=', row.jobId),
      createdAt: row.now,
    })),
);

const anUpdate = query((of: { jobId: string }) => build.selectFrom('JobUpdate as u').select('u.numExamples').where('u.jobId', '=', of.jobId).limit(1));

/** Throws the Refusal that says why an update could not be registered. */
async function requireFitting(ctx: Context, { projectId, jobId, deviceId, numExamples, ticket, model }: CheckedUpdate): Promise<void> {
  if (ticket) await requireUnused(ctx, ticket);
  const drawn = await getDrawnDevice(ctx, projectId, jobId, deviceId);
  if (drawn.state === DeviceState.SUBMITTED) throw new Refusal('update_already_submitted');
  requireActive(drawn);
  const other = await ctx.db.hot.get(anUpdate, { jobId });
  if (other && (other.numExamples === null) !== (numExamples === null)) throw new Refusal('num_examples_mixed');
  if (model) await requireRoom(ctx, projectId, model.staged.size);
}
