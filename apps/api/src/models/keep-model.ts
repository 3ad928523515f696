import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import type { StagedBlob } from '../storage/blob-store.js';
import { LostLease } from '../tasks/task-queue.js';

/**
 * Makes staged bytes durable under a key of their own and then runs `register`, which writes the row that points to
 * them. Bytes first: a row never points to nothing. If `register` is refused they are removed; after any other
 * error the row may be there, so they stay until the clean-up has asked the database.
 */
export async function keepModel<T>(
  ctx: Context,
  staged: StagedBlob,
  projectId: string,
  register: (model: { id: string; blobKey: string }) => Promise<T>,
): Promise<T> {
  const id = ctx.newId();
  const blobKey = `${projectId}/${staged.sha256}-${id}`;
  await staged.keep(blobKey);
  try {
    return await register({ id, blobKey });
  } catch (error) {
    // A parent that is missing: the project was deleted at the same moment.
    if (error instanceof Refusal || error instanceof LostLease || ctx.db.isMissingParent(error))
      await ctx.storage.remove(blobKey).catch((notRemoved: unknown) => ctx.log.warn({ err: notRemoved, project_id: projectId }, 'a blob is left to the clean-up'));
    throw error;
  }
}

/** The same where there may be nothing to keep. */
export const keepModelIfAny = async <T>(
  ctx: Context,
  staged: StagedBlob | undefined,
  projectId: string,
  register: (model: { id: string; blobKey: string } | undefined) => Promise<T>,
): Promise<T> => (staged ? keepModel(ctx, staged, projectId, register) : register(undefined));
