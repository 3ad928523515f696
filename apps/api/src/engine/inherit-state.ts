import { needsOf } from '@vergeai/domain';
import { strategyOf } from '../models/strategy.js';
import type { Step } from '../writing/step.js';

/** A fork that is being made. */
export interface Forked {
  readonly parent: { readonly id: string; readonly aggregationStrategy: string | null };
  readonly from: string;
  /** The parent's model that it starts from, and the row of its own for that. */
  readonly sourceModelId: string;
  readonly modelId: string;
  readonly forkRow: { readonly id: string; readonly projectId: string; readonly aggregationStrategy: string | null; readonly createdAt: Date };
}

/**
 * Lets a fork that aggregates by the same type of strategy go on with what that has kept for the model it starts from, so that
 * it trains as the parent would have. The start model has nothing of the kind, and for older jobs it is kept for a while. Gives
 * undefined when the strategy keeps nothing. The caller holds the project's storage.
 */
export async function inheritState({ ctx, tx }: Step, { parent, from, sourceModelId, modelId, forkRow }: Forked): Promise<'inherited' | 'fresh' | undefined> {
  const strategy = strategyOf(forkRow);
  const { state } = needsOf(strategy);
  if (!state) return undefined;
  if (from === 'start' || strategyOf(parent).type !== strategy.type) return 'fresh';
  const kept = await tx.serverState.findFirst({ where: from === 'current' ? { currentOfId: parent.id, kind: state.kind } : { modelId: sourceModelId, kind: state.kind } });
  if (!kept) return 'fresh';
  const { kind, rounds, clippingNorm, size, sha256, blobKey } = kept;
  await tx.serverState.create({
    data: { id: ctx.newId(), projectId: forkRow.projectId, experimentId: forkRow.id, currentOfId: forkRow.id, modelId, kind, rounds, clippingNorm, size, sha256, blobKey, createdAt: forkRow.createdAt },
    select: { id: true },
  });
  return 'inherited';
}
