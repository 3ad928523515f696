import type { RoundReport, StrategySpec } from '@vergeai/domain';
import type { KeptState } from './server-state.js';

/** More devices than this are not told of one by one. */
const MOST_REPORTED = 1000;

/** How a job's row keeps what became of each update. */
export const reportText = (report: RoundReport): string | null => (report.selected.length > MOST_REPORTED ? null : JSON.stringify(report));

/** What the experiment's row adds up for a round with noise. */
export function privacySpent(strategy: StrategySpec): { privacySpent: { increment: number }; noisyRounds: { increment: number } } | undefined {
  const multiplier = 'noise' in strategy ? strategy.noise?.noise_multiplier : undefined;
  return multiplier ? { privacySpent: { increment: 1 / (2 * multiplier * multiplier) }, noisyRounds: { increment: 1 } } : undefined;
}

/** What the log tells of an aggregation. What is as in plain averaging has no key. */
export function aggregationFacts(strategy: StrategySpec, { selected, clipped, clippingNorm }: RoundReport, state: KeptState | undefined) {
  const numSelected = selected.filter(Boolean).length;
  return {
    ...(strategy.type !== 'FedAvg' && { strategy: strategy.type }),
    ...(numSelected < selected.length && { selected: numSelected }),
    ...(clipped && { clipped: clipped.filter(Boolean).length }),
    ...(clippingNorm !== null && { clipping_norm: clippingNorm }),
    ...(state && { state_sha256: state.staged.sha256 }),
  };
}
