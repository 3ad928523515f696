import { contract } from '@vergeai/contract';
import { build, query } from '@vergeai/db';
import { authorise } from '../../access/authorise.js';
import type { Context } from '../../context.js';
import { findActorOfTicket } from '../../access/find-actor.js';
import { formatOfRow } from '../../models/model-format.js';
import { Refusal } from '../../refusal.js';
import { readTicket } from '../../models/tickets.js';
import type { ByteRange } from '../../storage/blob-store.js';

const downloadable = query((at: { modelId: string; projectId: string }) =>
  build
    .selectFrom('StoredModel')
    .select(['size', 'sha256', 'format', 'blobKey'])
    .where('id', '=', at.modelId)
    .where('projectId', '=', at.projectId));

/**
 * The model behind a signed link and who asks for it, if the key that the link was given to still counts and its owner still
 * may read the project. Throws a Refusal: `ticket_invalid`, `ticket_expired`, `key_invalid`, `project_not_found`, `model_not_found`.
 */
export async function downloadModel(ctx: Context, ticket: string) {
  const claims = readTicket(ctx, ticket);
  if (claims.purpose !== 'download') throw new Refusal('ticket_invalid');
  const actor = await findActorOfTicket(ctx, claims);
  if (!actor) throw new Refusal('key_invalid');
  if (actor.kind === 'user') await authorise(ctx, actor, { access: contract.experiment.get.metadata.access, target: { project_id: claims.projectId } });
  const model = await ctx.db.hot.get(downloadable, claims);
  if (!model) throw new Refusal('model_not_found');
  const format = formatOfRow(model);
  const bytes = {
    size: Number(model.size),
    sha256: model.sha256,
    contentType: format.contentTypes[0],
    fileName: `model.${format.extension}`,
    read: (range: ByteRange) => ctx.storage.read(model.blobKey, range),
  };
  return { actor, bytes };
}
