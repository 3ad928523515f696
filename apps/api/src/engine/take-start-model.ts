import { build, insert, query, statement, type ModelFormat } from '@vergeai/db';
import { sniffFormat } from '@vergeai/domain';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { keepModel } from '../models/keep-model.js';
import { rowOfBytes } from '../models/model-row.js';
import { countModel, requireRoom } from '../models/project-storage.js';
import type { UploadClaims } from '../models/tickets.js';
import { requireUnused, useTicket } from '../models/use-ticket.js';
import { Refusal } from '../refusal.js';
import type { StagedUpload } from '../storage/blob-store.js';
import { changedExperiment } from '../signals/changed.js';
import type { NewEvent } from '../writing/new-event.js';
import { knownEvents } from '../writing/record-event.js';
import { takeKnownStep } from '../writing/take-known-step.js';
import { moveOn } from './lock-experiment.js';

export interface StartModel {
  readonly projectId: string;
  readonly experimentId: string;
  readonly staged: StagedUpload;
  /** The ticket it came with; undefined when it came inline. */
  readonly ticket?: UploadClaims;
}

/**
 * Gives an experiment its start model, which also becomes its current model. Once.
 * Throws a Refusal: `experiment_not_found`, `start_model_already_submitted`, `invalid_model`, `project_storage_full`, `ticket_used`.
 */
export async function takeStartModel(ctx: Context, call: Call, { projectId, experimentId, staged, ticket }: StartModel): Promise<void> {
  // A ticket was held to this when it was admitted.
  if (!ticket) await requireNoStartModel(ctx, projectId, experimentId);
  const format = sniffFormat(staged.head);
  const { tensors, layout } = await ctx.models.inspect({ ...staged, format });
  await keepModel(ctx, staged, projectId, async ({ id, blobKey }) => {
    const now = ctx.clock.now();
    const event: NewEvent = {
      type: 'start_model_submitted',
      data: { size: staged.size, sha256: staged.sha256, format, tensors },
    };
    const statements = [
      moveOn({ projectId, experimentId, now, events: 1 }),
      ...(ticket ? [useTicket(ticket)] : []),
      insertStartModel({ id, projectId, experimentId, ...rowOfBytes(staged, format), blobKey, now }),
      insert('ModelLayout', { modelId: id, layout }),
      beginFrom({ experimentId, modelId: id }),
      ...knownEvents(ctx, call, experimentId, [event]),
      countModel(ctx, projectId, staged.size),
    ];
    if (await takeKnownStep(ctx, call, { statements, signals: [{ about: 'experiment', id: experimentId }, changedExperiment(projectId, experimentId)] })) return;
    if (ticket) await requireUnused(ctx, ticket);
    await requireNoStartModel(ctx, projectId, experimentId);
    await requireRoom(ctx, projectId, staged.size);
    throw new Refusal('conflict');
  });
}

/** A unique index lets only one START through for each experiment. */
const insertStartModel = statement(
  (row: { id: string; projectId: string; experimentId: string; format: ModelFormat; size: bigint; sha256: string; blobKey: string; now: Date }) =>
    build
      .insertInto('StoredModel')
      .values({
        id: row.id,
        kind: 'START',
        projectId: row.projectId,
        experimentId: row.experimentId,
        format: row.format,
        size: row.size,
        sha256: row.sha256,
        blobKey: row.blobKey,
        createdAt: row.now,
      })
      .onConflict((second) => second.doNothing()),
  1,
);

const beginFrom = statement((start: { experimentId: string; modelId: string }) =>
  build
    .updateTable('Experiment')
    .set({ startModelId: start.modelId, currentModelId: start.modelId })
    .where('id', '=', start.experimentId)
    .where('startModelId', 'is', null), 1);

const startModelOf = query((at: { projectId: string; experimentId: string }) =>
  build.selectFrom('Experiment').select('startModelId').where('projectId', '=', at.projectId).where('id', '=', at.experimentId));

/** Throws a Refusal when the experiment is not there, or has a start model. */
export async function requireNoStartModel(ctx: Context, projectId: string, experimentId: string): Promise<void> {
  const experiment = await ctx.db.hot.get(startModelOf, { projectId, experimentId });
  if (!experiment) throw new Refusal('experiment_not_found');
  if (experiment.startModelId !== null) throw new Refusal('start_model_already_submitted');
}
