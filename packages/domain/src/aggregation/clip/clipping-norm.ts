import type { ClippingSpec } from '../specification/specification.js';

/** The note under which the norm is kept for the next round. */
export const CLIPPING_NORM = 'clipping_norm';

/** The length that no update's way may exceed in this round. */
export function clippingNorm(clipping: ClippingSpec, notes: ReadonlyMap<string, string> | undefined): number {
  if (clipping.type === 'fixed') return clipping.norm;
  const kept = notes?.get(CLIPPING_NORM);
  return kept === undefined ? clipping.initial_norm : Number(kept);
}

/**
 * The norm for the next round: C·exp(−η(b − γ)), where `share` b is how many of the updates were *not* clipped.
 * Source: Andrew et al., "Differentially Private Learning with Adaptive Clipping", 2021, arXiv:1905.03871, algorithm 1.
 */
export function nextClippingNorm(clipping: Extract<ClippingSpec, { type: 'adaptive' }>, norm: number, share: number): number {
  return norm * Math.exp(-clipping.learning_rate * (share - clipping.target_quantile));
}
