import { addNoise } from './noise/add-noise.js';
import { noiseLevel } from './noise/noise-level.js';
import { adaptNorm, clip } from './clip/clip.js';
import type { Combined, ToCombine } from './combine/combined.js';
import { weigh } from './combine/weigh.js';
import { ContributionReader } from './contribution.js';
import type { Plan, Round } from './round.js';
import type { StrategySpec } from './specification/specification.js';
import { strategies } from './strategies/strategies.js';
import type { Strategy } from './strategy.js';
import { takeStep } from './step/take-step.js';

/** What was done to each update, in their order. */
export interface RoundReport {
  /** How much each counted in every number; null where that differed from number to number. */
  readonly coefficients: readonly number[] | null;
  readonly selected: readonly boolean[];
  /** How far each lay from the start model before it was clipped; null without clipping. */
  readonly norms: readonly number[] | null;
  readonly clipped: readonly boolean[] | null;
  /** How far they might lie; null without clipping. */
  readonly clippingNorm: number | null;
}

export interface RoundPlan extends Plan {
  readonly report: RoundReport;
}

/**
 * Plans a round by stages: clip the updates, combine them, add noise, step from the start model. Each stage may be left
 * out but for the second. The numbers are float64 until they are cast, once.
 * @throws RangeError for a round that the strategy can make nothing of, or that lacks what a stage works with.
 */
export function planRound(spec: StrategySpec, round: Round): RoundPlan {
  const { tensors, updates, start, state, gaussian } = round;
  const { clipping } = spec;
  const noise = 'noise' in spec ? spec.noise : undefined;
  if (updates.length === 0) throw new RangeError('There are no updates to combine.');
  const reader = new ContributionReader(start);
  const clipped = clip(round, clipping, reader);
  const combined = combine(spec, round, { tensors, contributions: clipped.contributions, reader, start, losses: updates.map(({ loss }) => loss) });
  let plan: Plan = combined;
  if (noise && noise.noise_multiplier > 0) {
    if (!gaussian || !start || !clipping) throw new RangeError('Noise needs normal numbers, the start model and clipping.');
    plan = addNoise(plan, tensors, start, gaussian, noiseLevel(noise, clipping, clipped.norm!, updates.length).mean);
  }
  const strategy = strategies[spec.type] as Strategy<unknown>;
  if (strategy.step) {
    if (!start || !state) throw new RangeError('A step needs the start model and the state of the last round.');
    plan = takeStep(plan, strategy.step(spec), 'exclude' in spec ? spec.exclude : [], start, state, reader);
  }
  adaptNorm(round, clipping, noise, clipped);
  return {
    ...plan,
    report: {
      coefficients: combined.coefficients && [...combined.coefficients],
      selected: combined.selected,
      norms: clipped.norms && [...clipped.norms],
      clipped: clipped.norms && clipped.contributions.map(({ scale }) => scale !== 1),
      clippingNorm: clipped.norm,
    },
  };
}

function combine(spec: StrategySpec, { updates }: Round, round: Omit<ToCombine, 'coefficients' | 'coefficientsOf'>): Combined {
  const rule = 'combine' in spec && spec.combine ? spec.combine : spec;
  const weighting = ('weighting' in spec ? spec.weighting : undefined) ?? 'uniform';
  const numExamples = updates.map((update) => update.numExamples);
  return (strategies[rule.type] as Strategy<unknown>).combine(
    { ...round, coefficients: weigh(numExamples, weighting), coefficientsOf: (places) => weigh(places.map((place) => numExamples[place]!), weighting) },
    rule,
  );
}
