import { noiseLevel } from '../noise/noise-level.js';
import type { ContributionReader, Contribution } from '../contribution.js';
import type { Round } from '../round.js';
import type { ClippingSpec, NoiseSpec } from '../specification/specification.js';
import { CLIPPING_NORM, clippingNorm, nextClippingNorm } from './clipping-norm.js';
import { norms } from './norms.js';

/** The updates, none of them farther from the start model than it may be. */
export interface Clipped {
  readonly contributions: readonly Contribution[];
  /** How far each lay before; null where nobody measured it. */
  readonly norms: Float64Array | null;
  /** How far they may lie; null where there is no limit. */
  readonly norm: number | null;
}

/** Shortens the way of each update that is too long; one that is not stays as it was sent, bit for bit. */
export function clip(round: Round, clipping: ClippingSpec | undefined, reader: ContributionReader): Clipped {
  const { tensors, updates, start, state } = round;
  if (!clipping) return { contributions: updates.map(({ read }) => ({ read, scale: 1 })), norms: null, norm: null };
  if (!start) throw new RangeError('Clipping needs the model that the updates were trained from.');
  const norm = clippingNorm(clipping, state?.before?.notes);
  const lengths = norms(tensors, updates, start, reader);
  const contributions = updates.map(({ read }, i) => ({ read, scale: lengths[i]! <= norm ? 1 : norm / lengths[i]! }));
  return { contributions, norms: lengths, norm };
}

/** Notes the norm of the next round, where it adapts. */
export function adaptNorm(round: Round, clipping: ClippingSpec | undefined, noise: NoiseSpec | undefined, { contributions, norm }: Clipped): void {
  if (clipping?.type !== 'adaptive') return;
  if (!round.state) throw new RangeError('A norm that adapts needs the state of the last round.');
  let share = contributions.filter(({ scale }) => scale === 1).length / contributions.length;
  if (noise && noise.noise_multiplier > 0) {
    const drawn = new Float64Array(1);
    round.gaussian!(0, drawn);
    share += noiseLevel(noise, clipping, norm!, contributions.length).share * drawn[0]!;
  }
  round.state.note(CLIPPING_NORM, String(nextClippingNorm(clipping, norm!, share)));
}
