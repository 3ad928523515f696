import { contract } from '@vergeai/contract';
import { build, query, type StoredModel } from '@vergeai/db';
import type { Actor } from '../../access/actor.js';
import { authorise } from '../../access/authorise.js';
import type { Context } from '../../context.js';
import { findActorByKeyId } from '../../access/find-actor.js';
import { Refusal } from '../../refusal.js';
import type { DownloadClaims } from '../../models/tickets.js';

type DownloadableModel = Pick<StoredModel, 'size' | 'sha256' | 'format' | 'blobKey'>;

const downloadable = query((at: { modelId: string; projectId: string }) =>
  build
    .selectFrom('StoredModel')
    .select(['size', 'sha256', 'format', 'blobKey'])
    .where('id', '=', at.modelId)
    .where('projectId', '=', at.projectId));

/**
 * The model behind a signed link, if the key it was asked for with still counts and its owner still may read the
 * project. Throws a Refusal.
 */
export async function admitDownload(ctx: Context, claims: DownloadClaims): Promise<{ actor: Actor; model: DownloadableModel }> {
  const actor = await findActorByKeyId(ctx, claims.keyId);
  if (!actor) throw new Refusal('key_invalid');
  if (actor.kind === 'user') await authorise(ctx, contract.experiment.get.metadata.access, actor, { project_id: claims.projectId });
  const model = await ctx.db.hot.get(downloadable, claims);
  if (!model) throw new Refusal('model_not_found');
  return { actor, model };
}
