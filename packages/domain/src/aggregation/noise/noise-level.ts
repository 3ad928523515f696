import type { ClippingSpec, NoiseSpec } from '../specification/specification.js';

/**
 * The standard deviations of the noise in the mean of `count` updates that were clipped to `norm`, and in the share of them
 * that was not clipped, which tells of them, too.
 * Source: McMahan et al., "Learning Differentially Private Recurrent Language Models", 2018, arXiv:1710.06963; where the
 * norm adapts, Andrew et al., 2021, arXiv:1905.03871, theorem 1, which splits the one multiplier between the two.
 */
export function noiseLevel({ noise_multiplier: multiplier }: NoiseSpec, clipping: ClippingSpec, norm: number, count: number): { readonly mean: number; readonly share: number } {
  if (clipping.type === 'fixed') return { mean: (multiplier * norm) / count, share: 0 };
  const share = count / 20;
  const left = multiplier === 0 ? 0 : 1 / Math.sqrt(1 / (multiplier * multiplier) - 1 / (4 * share * share));
  return { mean: (left * norm) / count, share: share / count };
}
