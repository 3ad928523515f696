import type { StateNeeds } from '@vergeai/domain';
import type { Transaction } from '@vergeai/db';
import type { Context } from '../context.js';
import type { Aggregation } from '../models/aggregate/aggregator.js';
import type { BorrowedBlobs } from '../models/borrowed-blobs.js';
import { holdStorage } from '../models/project-storage.js';
import type { StagedBlob } from '../storage/blob-store.js';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';

/** So many states of an experiment are kept: the last one to go on with, and the one before it for whoever goes back a job. */
const KEPT = 2;

/** The state that the next round of an experiment goes on with; undefined where there is none of this kind. */
export async function stateToGoOnWith(ctx: Context, experimentId: string, { kind }: StateNeeds, blobs: BorrowedBlobs): Promise<NonNullable<Aggregation['state']>['before']> {
  const row = await ctx.db.prisma.serverState.findUnique({ where: { currentOfId: experimentId } });
  if (row?.kind !== kind) return undefined;
  return {
    path: await blobs.path(row),
    sha256: row.sha256,
    notes: { t: String(row.rounds), ...(row.clippingNorm !== null && { clipping_norm: String(row.clippingNorm) }) },
  };
}

/** A state in its file. */
export interface KeptState {
  readonly staged: StagedBlob;
  /** States of one kind can be gone on with. */
  readonly kind: string;
  readonly notes: Readonly<Record<string, string>>;
}

/**
 * Registers what a round left, as the state that the next one goes on with, and forgets those that nobody goes back to. Gives the
 * bytes that the project keeps no longer and the blobs to remove after the commit.
 */
export async function keepState(step: Step, job: { readonly id: string; readonly projectId: string; readonly experimentId: string }, { staged, kind, notes }: KeptState, of: { readonly id: string; readonly blobKey: string; readonly modelId: string }) {
  const { tx, ctx } = step;
  const { projectId, experimentId } = job;
  // Nobody may begin to share a blob that is about to be removed.
  await ctx.db.run(tx, holdStorage({ projectId }));
  const before = await tx.serverState.findUnique({ where: { currentOfId: experimentId }, select: { kind: true } });
  if (before && before.kind !== kind) recordEvent(step, experimentId, { type: 'server_state_restarted', jobId: job.id, data: {} });
  await tx.serverState.updateMany({ where: { currentOfId: experimentId }, data: { currentOfId: null } });
  const norm = notes['clipping_norm'];
  await tx.serverState.create({
    data: {
      ...of,
      projectId,
      experimentId,
      currentOfId: experimentId,
      kind,
      rounds: Number(notes['t'] ?? 0),
      clippingNorm: norm === undefined ? null : Number(norm),
      size: BigInt(staged.size),
      sha256: staged.sha256,
      createdAt: ctx.clock.now(),
    },
    select: { id: true },
  });
  return forgetOldStates(tx, experimentId);
}

/** Goes on with what was kept for a model that is current again: with nothing where that is kept no longer, or never was. */
export async function goBackToState(tx: Transaction, experimentId: string, modelId: string): Promise<void> {
  await tx.serverState.updateMany({ where: { currentOfId: experimentId }, data: { currentOfId: null } });
  await tx.serverState.updateMany({ where: { experimentId, modelId }, data: { currentOfId: experimentId } });
}

/**
 * Removes the rows of states that nobody goes back to, and gives the bytes that the project no longer keeps and the blobs to
 * remove after the commit.
 */
async function forgetOldStates(tx: Transaction, experimentId: string): Promise<{ readonly bytes: number; readonly blobs: readonly string[] }> {
  const old = await tx.serverState.findMany({ where: { experimentId, currentOfId: null }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: KEPT - 1 });
  if (old.length === 0) return { bytes: 0, blobs: [] };
  await tx.serverState.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } });
  const shared = await tx.serverState.findMany({ where: { blobKey: { in: old.map(({ blobKey }) => blobKey) } }, select: { blobKey: true } });
  const kept = new Set(shared.map(({ blobKey }) => blobKey));
  const gone = old.filter(({ blobKey }) => !kept.has(blobKey));
  return { bytes: gone.reduce((sum, { size }) => sum + Number(size), 0), blobs: gone.map(({ blobKey }) => blobKey) };
}
