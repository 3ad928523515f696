import { build, query, statement, UnexpectedChanges, type HotStatement } from '@vergeai/db';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import type { Step } from '../writing/step.js';

/** Bytes that a project keeps, and that it may keep. */
export interface ProjectStorage {
  readonly storedBytes: number;
  /** Infinity: there is no limit. */
  readonly maxBytes: number;
  /** null: the server's setting holds. */
  readonly ownMaxBytes: number | null;
}

/** More than any disk has. */
const UNLIMITED = 2n ** 63n - 1n;

const count = statement((model: { projectId: string; size: bigint; serversMax: bigint }) =>
  build
    .updateTable('Project')
    .set((project) => ({ storedBytes: project('storedBytes', '+', model.size) }))
    .where('id', '=', model.projectId)
    .where(({ eb, fn, val }) => eb(eb('storedBytes', '+', model.size), '<=', fn.coalesce('maxBytes', val(model.serversMax)))), 1);

/**
 * Counts a model for its project, if there is room for it. It belongs into the transaction that registers the model, which must not
 * take effect without it, and comes last there: other experiments of the project wait for this row (docs/decisions/0033).
 */
export function countModel({ config }: Pick<Context, 'config'>, projectId: string, size: number): HotStatement {
  const { projectBytes } = config.limits;
  return count({ projectId, size: BigInt(size), serversMax: Number.isFinite(projectBytes) ? BigInt(projectBytes) : UNLIMITED });
}

/** The same as the last statement of a step. Throws a Refusal `project_storage_full` or `project_not_found`. */
export async function countInStep({ ctx, tx }: Step, projectId: string, size: number): Promise<void> {
  try {
    await ctx.db.run(tx, countModel(ctx, projectId, size));
  } catch (error) {
    if (!(error instanceof UnexpectedChanges)) throw error;
    const row = await tx.project.findUnique({ where: { id: projectId }, select: { storedBytes: true, maxBytes: true } });
    throw row ? projectStorageFull(storageOfRow(ctx, row), size) : new Refusal('project_not_found');
  }
}

/** Changes nothing, and lets nobody else count or share a blob of the project until the transaction is over. Changes no row when there is no such project. */
export const holdStorage = statement((of: { projectId: string }) =>
  build.updateTable('Project').set(({ ref }) => ({ storedBytes: ref('Project.storedBytes') })).where('id', '=', of.projectId));

/** Counts anew, after models were removed. In a transaction that took `holdStorage` before it looked at any model. */
export const countAnew = statement((of: { projectId: string }) =>
  build
    .updateTable('Project')
    .set(({ selectFrom }) => ({
      storedBytes: selectFrom(
        selectFrom('StoredModel')
          .select(['blobKey', 'size'])
          .where('projectId', '=', of.projectId)
          // Without what is there twice: a blob that forks share.
          .union(selectFrom('ServerState').select(['blobKey', 'size']).where('projectId', '=', of.projectId))
          .as('blob'),
      ).select(({ fn, lit }) => fn.coalesce(fn.sum<bigint>('blob.size'), lit(0)).$castTo<bigint>().as('bytes')),
    }))
    .where('id', '=', of.projectId), 1);

const storageOf = query((of: { projectId: string }) => build.selectFrom('Project').select(['storedBytes', 'maxBytes']).where('id', '=', of.projectId));

/** Throws a Refusal `project_not_found`. */
export async function getStorage(ctx: Pick<Context, 'db' | 'config'>, projectId: string): Promise<ProjectStorage> {
  const row = await ctx.db.hot.get(storageOf, { projectId });
  if (!row) throw new Refusal('project_not_found');
  return storageOfRow(ctx, row);
}

export function storageOfRow({ config }: Pick<Context, 'config'>, row: { readonly storedBytes: bigint; readonly maxBytes: bigint | null }): ProjectStorage {
  const ownMaxBytes = row.maxBytes === null ? null : Number(row.maxBytes);
  return { storedBytes: Number(row.storedBytes), maxBytes: ownMaxBytes ?? config.limits.projectBytes, ownMaxBytes };
}

/** How many bytes more a project may keep: 0 or more. */
export const roomIn = ({ storedBytes, maxBytes }: ProjectStorage): number => Math.max(0, maxBytes - storedBytes);

/** Throws a Refusal `project_storage_full` unless a model of so many bytes would fit. Only `countModel` decides. */
export async function requireRoom(ctx: Pick<Context, 'db' | 'config'>, projectId: string, size: number): Promise<void> {
  const storage = await getStorage(ctx, projectId);
  if (size > roomIn(storage)) throw projectStorageFull(storage, size);
}

export function projectStorageFull({ storedBytes, maxBytes }: ProjectStorage, size: number): Refusal {
  const model = size > 1 ? `, and this one has ${size}` : '';
  return new Refusal('project_storage_full', `The project keeps ${storedBytes} bytes of models and may keep ${maxBytes}${model}. Delete experiments of it, or ask the server admin for a higher limit.`);
}
