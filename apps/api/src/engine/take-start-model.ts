import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { formatOf } from '../models/model-format.js';
import { recordEvent } from '../writing/record-event.js';
import { Refusal } from '../refusal.js';
import type { StagedUpload } from '../storage/blob-store.js';
import { takeStep } from '../writing/step.js';
import { keepModel } from '../models/keep-model.js';
import { rowOfBytes } from '../models/model-row.js';
import type { UploadClaims } from '../models/tickets.js';
import { useTicket } from '../models/use-ticket.js';
import { findExperiment } from '../reading/find-experiment.js';

export interface StartModel {
  readonly projectId: string;
  readonly experimentId: string;
  readonly staged: StagedUpload;
  /** The ticket it came with; undefined when it came inline. */
  readonly ticket?: UploadClaims;
}

/**
 * Gives an experiment its start model, which also becomes its current model. Once.
 * Throws a Refusal: `experiment_not_found`, `start_model_already_submitted`, `invalid_model`, `ticket_used`.
 */
export async function submitStartModel(ctx: Context, call: Call, { projectId, experimentId, staged, ticket }: StartModel): Promise<void> {
  // A ticket was held to this when it was admitted.
  if (!ticket) await requireNoStartModel(ctx, projectId, experimentId);
  const layout = await ctx.models.inspect({ ...staged, format: formatOf(staged.head) });
  await keepModel(ctx, staged, projectId, ({ id, blobKey }) =>
    takeStep(ctx, call, async (step) => {
      const { tx } = step;
      if (ticket) await useTicket(ctx, tx, ticket);
      const now = ctx.clock.now();
      await tx.storedModel
        .create({
          data: {
            id,
            kind: 'START',
            projectId,
            experimentId,
            ...rowOfBytes(staged, layout),
            blobKey,
            createdAt: now,
            layout: { create: { layout: JSON.stringify(layout) } },
          },
          select: { id: true },
        })
        .catch((error: unknown) => {
          throw ctx.db.isUniqueViolation(error) ? new Refusal('start_model_already_submitted', undefined, { cause: error }) : error;
        });
      const { count } = await tx.experiment.updateMany({
        where: { id: experimentId, projectId, startModelId: null },
        data: { startModelId: id, currentModelId: id, version: { increment: 1 }, updatedAt: now },
      });
      if (count === 0) throw new Refusal('start_model_already_submitted');
      recordEvent(step, experimentId, {
        type: 'start_model_submitted',
        data: { size: staged.size, sha256: staged.sha256, format: layout.format, tensors: layout.tensors.length },
      });
    }),
  );
}

/** Throws a Refusal when the experiment is not there, or has a start model. */
export async function requireNoStartModel(ctx: Context, projectId: string, experimentId: string): Promise<void> {
  const { startSize } = await findExperiment(ctx, projectId, experimentId);
  if (startSize !== null) throw new Refusal('start_model_already_submitted');
}
